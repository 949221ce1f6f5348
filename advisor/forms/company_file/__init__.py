"""Company files, as spreadsheets write them: `read_company_file(content) -> CompanyFile`."""

from advisor.forms.cells import FileAnswer
from advisor.forms.company_file.columns import REQUIRED
from advisor.forms.company_file.decoding import MOST_BYTES
from advisor.forms.company_file.reading import read_company_file
from advisor.forms.company_file.values import CompanyFile, FileError, ReadRow, Row
from advisor.services.company_file import COLUMNS

__all__ = ["COLUMNS", "MOST_BYTES", "REQUIRED", "CompanyFile", "FileAnswer", "FileError", "ReadRow", "Row", "read_company_file"]
