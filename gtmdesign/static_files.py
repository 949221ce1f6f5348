"""How static files are collected for production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Names with a hash, compressed ahead of time; the addresses in import statements of our scripts are rewritten too."""

    support_js_module_import_aggregation = True
