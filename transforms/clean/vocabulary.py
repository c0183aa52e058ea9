"""Words that page furniture is made of, as parts of the patterns in `rules`."""

from __future__ import annotations

# A place to share to; the words after it are buttons only beside such a place.
NET = (
    r"(?:facebook|twitter|email|e-mail|whatsapp|linkedin|linked in|pinterest|reddit|telegram|messenger|tumblr|flipboard"
    r"|instagram|youtube|google\+|google plus|bluesky|mastodon|threads|pocket|snapchat|tiktok|rss|sms|copy link)"
)
BUTTON = rf"(?:{NET}|share|tweet|print|pin it|pin|post|save|mail|more|like|comments?|x|link)"
PIECE = r"(?:article|story|post|page|video|link|image|photo|gallery|column|podcast|episode|item|news)"
MAIL = r"(?:newsletters?|in-?box(?:es)?|e-?mails?|alerts?|briefings?|digest|bulletin|tip ?sheet|podcasts?|updates)"
AGENCY = (
    r"(?:getty(?: images| contributor)?|ap(?: photo| images)?|(?:the )?associated press|reuters|afp|epa|upi|npr|cnn"
    r"|bloomberg|landov|shutterstock|redux|corbis|newscom|xinhua|zuma(?: press)?|pool|istock|istockphoto|alamy"
    r"|dreamstime|unsplash|pixabay|flickr|the new york times|the washington post)"
)
YEAR = r"(?:19|20)\d\d"
NAME = r"[^\s/.!?:;()][^/!?:;()]{1,50}"  # as credits have it, commas and initials included
MORE = r"[ .:…»›→>]{0,4}"
# What is said of those who worked on a report, and a word of their names.
PROPER = r"(?-i:[A-ZÀ-Þ])[\w.'’-]*"
BYLINE = (
    r"(?:reporting|editing|writing|compiled|graphics?|production|translation)"
    rf"(?: and (?:reporting|editing|writing|production))? by {PROPER}"
)
