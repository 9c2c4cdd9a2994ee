"""A person with a browser: opens the page of a device login, logs in, enters the code, and accepts or denies.

confirm_login.py ADDRESS USER PASSWORD CODE accept|deny: prints the heading of the last page.
"""

import re
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

address, user, password, code, action = sys.argv[1:]
browser = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar()))


def read(answer):
    return answer.geturl(), answer.read().decode()


def send(page, **fields):
    """Fills in the page's form and sends it."""
    url, text = page
    fields["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text).group(1)
    return read(browser.open(url, urllib.parse.urlencode(fields).encode(), timeout=30))


page = read(browser.open(address, timeout=30))
page = send(page, username=user, password=password)
page = send(page, user_code=code)
page = send(page, action=action)
print(re.search(r"<h1>\s*(.*?)\s*</h1>", page[1]).group(1))
