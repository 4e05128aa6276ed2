"""Guarded fetching: an article or a feed by its URL, from the public internet and nowhere else.

    page = fetch_article("https://zeitung.example/haushalt", config)
    article = ingest_bytes(page.data, name=page.name, format=page.format)

Whoever can name a URL to a service could otherwise read what only the service can reach: its own machine, the network
behind it, the metadata of a cloud. So fetching is off unless `fetch.enabled`, and then
- a URL is http or https, on a port of the web, without credentials, to a host written the plain way (`location`);
- we resolve the host ourselves, every address that it has must be public (`addresses`), and the connection goes to an
  address that was checked: no name is looked up again. TLS still verifies the host's name (`fetcher`);
- a redirect is a new URL and is checked like the first;
- time, size after decompression and type of the answer are limited.

Proxies of the environment are not used: behind a proxy it would be the proxy that resolves and connects, and no check
of ours would hold. Where only a proxy reaches the internet, fetch there and send the bytes.
"""

from __future__ import annotations

from depesche.fetch.article import FetchedArticle, fetch_article
from depesche.fetch.fetcher import Answer, Fetcher

__all__ = ["Answer", "FetchedArticle", "Fetcher", "fetch_article"]
