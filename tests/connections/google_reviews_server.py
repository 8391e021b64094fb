"""Google Business Profile as its reference says: accounts, locations, reviews by page, replies by PUT."""

from typing import Any

from tests.connections.books_peer import BooksPeer

LOCATION = "accounts/1/locations/2"
STARS = ("", "ONE", "TWO", "THREE", "FOUR", "FIVE")


class GoogleBusiness(BooksPeer):
    """An account with one location, and the reviews that a test publishes."""

    page_size = 2

    def __init__(self) -> None:
        super().__init__()
        self.reviews: dict[str, dict[str, Any]] = {}

    def publish(self, key: str, stars: int, author: str, words: str, at: str = "2026-11-24T10:00:00.123Z") -> None:
        """Have a customer publish a review, or change it."""
        former = self.reviews.get(key, {})
        self.reviews[key] = former | {
            "name": f"{LOCATION}/reviews/{key}",
            "reviewer": {"displayName": author},
            "starRating": STARS[stars],
            "comment": words,
            "createTime": former.get("createTime", at),
            "updateTime": at,
        }

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        if path == "/v1/accounts":
            return 200, {"accounts": [{"name": "accounts/1", "accountName": "Suncoast"}]}
        if path == "/v1/accounts/1/locations":
            return 200, {"locations": [{"name": "locations/2", "title": "Suncoast Tampa"}]}
        if path == f"/v4/{LOCATION}/reviews":
            return 200, self._page(int(query.get("pageToken", "0")))
        key = path.removeprefix(f"/v4/{LOCATION}/reviews/").removesuffix("/reply")
        if method != "PUT" or key not in self.reviews:
            return 404, {"error": {"message": "Requested entity was not found."}}
        self.reviews[key]["reviewReply"] = body | {"updateTime": "2026-11-25T12:00:00Z"}
        return 200, self.reviews[key]["reviewReply"]

    def _page(self, start: int) -> dict[str, Any]:
        rows = sorted(self.reviews.values(), key=lambda row: str(row["updateTime"]), reverse=True)
        page: dict[str, Any] = {"reviews": rows[start : start + self.page_size], "totalReviewCount": len(rows)}
        if start + self.page_size < len(rows):
            page["nextPageToken"] = str(start + self.page_size)
        return page
