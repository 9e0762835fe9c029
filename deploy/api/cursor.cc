#include "deploy/api/cursor.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dolen {
namespace {

constexpr size_t kSignBytes = 16;
constexpr size_t kMostOfAPage = 200, kUsualPage = 50;

// Everything that makes it this question, but where the page begins and how long it is.
std::string NameOf(const Question& question) {
  std::string name =
      absl::StrCat(question.caller.subject, "\n", question.caller.agency, "\n",
                   PurposeName(question.purpose), "\n", absl::StrJoin(question.request.path, "/"));
  for (const auto& [key, value] : question.request.query) {
    if (key == "cursor" || key == "limit" || key == "min_position") continue;
    absl::StrAppend(&name, "\n", key.size(), ":", key, value.size(), ":", value);
  }
  return name;
}

}  // namespace

Cursors::Cursors(absl::string_view installation_secret)
    : digest_(absl::StrCat("dolen cursor\n", installation_secret)) {}

std::string Cursors::Sign(const Question& question, absl::string_view place) const {
  const std::string text = absl::StrCat(place.size(), ":", place, NameOf(question));
  const std::lock_guard<std::mutex> lock(mutex_);
  return digest_.Of(text).substr(0, kSignBytes);
}

std::string Cursors::After(const Question& question, absl::string_view place) const {
  return absl::WebSafeBase64Escape(absl::StrCat(Sign(question, place), place));
}

absl::StatusOr<std::string> Cursors::PlaceOf(const Question& question) const {
  const std::string text = question.Of("cursor");
  if (text.empty()) return std::string();
  std::string bytes;
  if (absl::WebSafeBase64Unescape(text, &bytes) && bytes.size() >= kSignBytes) {
    const std::string place = bytes.substr(kSignBytes);
    if (SameSecret(bytes.substr(0, kSignBytes), Sign(question, place))) return place;
  }
  return absl::InvalidArgumentError(
      "cursor: it is none of this question; ask for the first page again");
}

absl::StatusOr<size_t> LimitOf(const Question& question) {
  const std::string text = question.Of("limit");
  if (text.empty()) return kUsualPage;
  size_t limit = 0;
  if (absl::SimpleAtoi(text, &limit) && limit >= 1 && limit <= kMostOfAPage) return limit;
  return absl::InvalidArgumentError(absl::StrCat("limit: write a number from 1 to ", kMostOfAPage));
}

}  // namespace dolen
