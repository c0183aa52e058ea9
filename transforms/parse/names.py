"""Under which names records have what, the likeliest first. Case, spaces, `_`, `-` and the like don't count.

Sources: news-please, Fundus, trafilatura, Newspaper, the news data sets of Common Crawl, Hugging Face and Kaggle,
Dolma, datatrove, NewsAPI, the Guardian, the New York Times, Event Registry, GDELT, Webhose, NewsCatcher, MediaCloud,
schema.org, JSON Feed, WordPress, Arc, TREC's Washington Post, X, Reddit.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "body", "content", "maintext", "main_text", "content_original", "article", "article_text"),
        *("article_body", "full_text", "body_text", "plain_text", "plaintext", "story", "story_text", "clean_text"),
        *(
            "text_clean",
            "cleaned_text",
            "clean_content",
            "content_text",
            "text_content",
            "article_content",
            "news_text",
        ),
        *("news_content", "main_content", "full_content", "fulltext", "textual_content", "post_content", "selftext"),
        *("content_html", "body_html", "html_content", "contents", "content_elements", "paragraphs", "document"),
        *("raw_text", "raw_content", "body_clean", "news", "articletext_full", "texto", "contenido", "cuerpo", "texte"),
        *("contenu", "corps", "inhalt", "volltext", "artikeltext", "testo", "contenuto", "conteudo", "tekst", "treść"),
        *("tresc", "текст", "正文", "内容", "內容", "本文", "본문"),
    ),
    "title": (
        *("title", "headline", "heading", "article_title", "title_page", "title_rss", "web_title", "news_title"),
        *("head", "heading_main", "headlines", "headline_text", "post_title", "main_headline", "titulo", "título"),
        *("titular", "titre", "titel", "titolo", "tytuł", "tytul", "заголовок", "标题", "標題", "タイトル", "제목"),
    ),
    "url": (
        *("url", "link", "canonical_url", "requested_url", "responded_url", "article_url", "web_url", "permalink"),
        *("source_url", "href", "uri", "original_url", "page_url", "warc_target_uri", "target_uri", "url_used"),
        *(
            "document_identifier",
            "article_link",
            "news_url",
            "news_link",
            "link_url",
            "full_url",
            "main_entity_of_page",
        ),
        *("enlace", "lien", "ссылка", "链接", "網址"),
    ),
    "published_at": (
        *("published_at", "date_publish", "publish_date", "published_date", "date_published", "publication_date"),
        *("pub_date", "publishing_date", "date_time_pub", "date_gmt", "post_date_gmt", "published", "date", "datetime"),
        *("date_time", "timestamp", "published_time", "pub_time", "web_publication_date", "first_publication_date"),
        *("first_publish_date", "first_published_at", "display_date", "publish_time", "published_on", "article_date"),
        *("posted_at", "publication_datetime", "publication_time", "published_timestamp", "publish_timestamp"),
        *("published_parsed", "published_datetime", "date_posted", "posted_on", "post_date", "posted", "issued"),
        *("created_at", "created_utc", "created", "date_created", "creation_date", "news_date", "release_date"),
        *("date_of_publication", "date_line", "pub_date_time", "time", "fecha", "fecha_publicacion", "datum", "data"),
        *(
            "data_publicacao",
            "data_pubblicazione",
            "date_de_publication",
            "дата",
            "日期",
            "时间",
            "発行日",
            "날짜",
            "tarih",
        ),
    ),
    "authors": (
        *("authors", "author", "byline", "creator", "writer", "writers", "by", "author_name", "author_names"),
        *(
            "journalist",
            "journalists",
            "credits",
            "bylines",
            "contributor",
            "reporter",
            "user",
            "account",
            "from",
            "autor",
            "autores",
        ),
        *("auteur", "auteurs", "autore", "autori", "автор", "作者", "记者", "記者"),
    ),
    "source": (
        *("source", "outlet", "source_domain", "source_name", "publisher", "publication", "newspaper", "site_name"),
        *("source_host_name", "source_common_name", "site_full", "site", "domain", "provider", "media_name"),
        *(
            "source_title",
            "publication_name",
            "website",
            "hostname",
            "host",
            "clean_url",
            "channel",
            "agency",
            "fuente",
        ),
        *("medio", "quelle", "zeitung", "journal", "источник", "来源", "來源", "媒体", "언론사"),
    ),
    "record_id": (
        *("id", "article_id", "record_id", "uuid", "guid", "_id", "doc_id", "document_id", "id_str", "docno", "doc_no"),
        *("record_id_str", "news_id", "story_id", "post_id", "item_id", "identifier"),
    ),
}
FIELDS = tuple(NAMES)
# Fields that hold part of an article, or its summary, and no text.
PARTS = (
    *("description", "summary", "abstract", "excerpt", "lead_paragraph", "short_description", "snippet", "teaser"),
    *("standfirst", "trail_text", "subtitle", "lead", "intro", "highlights"),
)
# Under these an interface or a search engine puts the fields of a record: they come before the record's own.
WRAPPERS = ("_source", "fields", "attributes", "article", "document", "doc", "data", "record", "node", "_doc", "item")
# What says something of a record beside it: its own fields come first.
ABOUT = ("metadata", "meta", "thread", "properties", "frontmatter", "front_matter", "meta_data", "article_metadata")
PUNCTUATION = re.compile(r"[\W_]+")


@functools.lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A field's name as names are compared: lower case, letters and digits only."""
    return PUNCTUATION.sub("", name.lower())


PLAIN: Mapping[str, tuple[str, ...]] = {
    field: tuple(dict.fromkeys(map(plain_name, names))) for field, names in NAMES.items()
}
# These hold an address only where it looks like one.
MAYBE_URLS = tuple(map(plain_name, ("source", "guid", "id", "uri", "identifier", "main_entity_of_page")))
PLAIN_PARTS = frozenset(map(plain_name, PARTS))
