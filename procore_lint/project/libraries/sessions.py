"""Sessions and clients of libraries that build on the well-known ones, by what they behave like."""

from __future__ import annotations

_LIKE = {
    "requests": (
        "requests_cache.CachedSession", "requests_cache.session.CachedSession", "requests_html.HTMLSession",
        "requests_html.AsyncHTMLSession", "requests_futures.sessions.FuturesSession",
        "requests_ratelimiter.LimiterSession", "cloudscraper.create_scraper", "curl_cffi.requests.Session",
        "niquests.Session", "niquests.AsyncSession", "curl_cffi.requests.AsyncSession", "curl_cffi.Session",
        "curl_cffi.AsyncSession", "dlt.sources.helpers.requests.Client",
        "dlt.sources.helpers.requests.retry.Client", "dlt.sources.helpers.requests.Session",
        "dlt.sources.helpers.requests.session.Session",
    ),
    "httpx": (
        "requests_toolbelt.sessions.BaseUrlSession", "hishel.CacheClient", "hishel.AsyncCacheClient",
        "httpx_cache.Client", "httpx_cache.AsyncClient",
    ),
    "aiohttp": ("aiohttp_client_cache.CachedSession", "aiohttp_client_cache.session.CachedSession"),
}  # fmt: skip
#: Dotted names of their classes -> the library that each behaves like.
SESSIONS = {name: library for library, names in _LIKE.items() for name in names}
#: Modules whose functions are those of requests, or do the same.
LIKE_REQUESTS = dict.fromkeys(("dlt.sources.helpers.requests", "curl_cffi.requests"), "requests")
