"""The watch over the pages is awake: what it must report, it reports."""

from playwright.sync_api import Page

from tests.e2e.conftest import Complaints, Server


def test_reports_a_refused_script_a_foreign_host_and_an_uncaught_error(page: Page, server: Server, complaints: Complaints) -> None:
    page.goto(server.sign_in_link)
    assert complaints.found == []
    page.evaluate("document.head.append(Object.assign(document.createElement('style'), {textContent: 'p {color: red}'}))")
    page.evaluate("fetch('http://foreign.invalid/').catch(() => null)")
    page.evaluate("setTimeout(() => { throw new Error('on purpose') })")
    page.wait_for_timeout(200)
    found = "\n".join(complaints.found)
    complaints.found.clear()
    assert "CSP: style-src-elem refused inline" in found
    assert "CSP: connect-src refused http://foreign.invalid" in found
    assert "uncaught: on purpose" in found
