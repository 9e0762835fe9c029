// One child: who it is, the timeline, and breaking the glass.
#include "deploy/api/children.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "deploy/api/api.h"
#include "deploy/api/routes.h"
#include "deploy/program/asked_past.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/store/facts.h"
#include "nlohmann/json.hpp"
#include "projections/timeline/for_reader.h"
#include "projections/timeline/stored_child.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

absl::Status NotKnown() { return absl::NotFoundError("not to be known"); }

// A member of a small JSON object; kInvalidArgument where it is no text of `least` to `most` bytes.
absl::StatusOr<std::string> TextIn(const Json& json, const char* name, size_t least, size_t most) {
  const auto member = json.is_object() ? json.find(name) : json.end();
  if (member != json.end() && member->is_string()) {
    std::string text = member->get<std::string>();
    if (text.size() >= least && text.size() <= most) return text;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": write a text of ", least, " to ", most, " bytes"));
}

absl::StatusOr<Json> BodyOf(const HttpRequest& request) {
  Json json = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (json.is_object()) return json;
  return absl::InvalidArgumentError("the body is no JSON object");
}

absl::StatusOr<ChildKey> ChildIn(const Question& question) {
  ChildKey child;
  if (ChildKey::FromHex(question.path.at("child"), child)) return child;
  return NotKnown();
}

// kNotFound: nobody is known under this identifier.
absl::StatusOr<ChildKey> ChildOf(Api& api, const std::string& issuer, const std::string& value) {
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<ChildKey> child, api.parts().find(issuer, value));
  if (child) return *child;
  return NotKnown();
}

TimelineReader ReaderOf(Api& api, const Question& question, const ChildKey& child) {
  const bool is_open = question.purpose == Purpose::kEmergency &&
                       api.emergencies().Until(question.caller, child, question.now).has_value();
  return {question.caller.agency,
          is_open ? NeedToKnow::Grant::kEmergency : NeedToKnow::Grant::kNone};
}

// The most that is told of any event.
Extent MostOf(const TimelineForReader& read) {
  Extent most = Extent::kOpenPart;
  for (const EventLine& line : read.timeline.events) most = std::max(most, line.extent);
  return most;
}

absl::StatusOr<TimelineForReader> Read(Api& api, const Question& question, const ChildKey& key,
                                       const AskedPast& asked) {
  const Glance& glance = question.glances.Of(key);
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<StoredChild> child,
                         ReadStoredChild(glance, key, question.caller.agency));
  if (!child) return NotKnown();
  DOLEN_ASSIGN_OR_RETURN(const Past past, PastOf(asked, {}, glance.books()));
  const TimelineReader reader = ReaderOf(api, question, key);
  const absl::Time reached = std::max(question.glances.Reached(), glance.reached());
  absl::optional<TimelineForReader> read;
  if (past.known_at < reached) {
    DOLEN_ASSIGN_OR_RETURN(const Books then, BooksKnownAt(past.known_at, glance.rows()));
    read = ReadTimeline(*child, reader, past, then, reached);
  } else {
    read = ReadTimeline(*child, reader, past, glance.books(), reached);
  }
  if (!read) return NotKnown();
  return *std::move(read);
}

absl::StatusOr<Answered> AnswerTimeline(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const ChildKey child, ChildIn(question));
  DOLEN_ASSIGN_OR_RETURN(const std::string place, api.cursors().PlaceOf(question));
  TimelinePage page;
  page.limit = 200;
  if (!question.Of("limit").empty()) {
    DOLEN_ASSIGN_OR_RETURN(page.limit, LimitOf(question));
  }
  if (!place.empty() && !absl::SimpleAtoi(place, &page.from)) return NotKnown();
  DOLEN_ASSIGN_OR_RETURN(
      const TimelineForReader read,
      Read(api, question, child, {question.Of("as_of"), question.Of("known_at"), ""}));
  page.position = question.glances.Position();
  if (page.from + page.limit < read.timeline.events.size()) {
    page.next = api.cursors().After(question, absl::StrCat(page.from + page.limit));
  }
  if (question.purpose == Purpose::kEmergency) {
    page.emergency_until = api.emergencies().Until(question.caller, child, question.now);
  }
  Answered answered;
  answered.response = JsonResponse(TimelineForReaderJson(child, read, page) + "\n");
  answered.children = {child};
  answered.extent = MostOf(read);
  return answered;
}

absl::StatusOr<Answered> AnswerFind(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Json body, BodyOf(question.request));
  DOLEN_ASSIGN_OR_RETURN(const std::string issuer, TextIn(body, "issuer", 1, 64));
  DOLEN_ASSIGN_OR_RETURN(const std::string value, TextIn(body, "value", 1, 64));
  DOLEN_ASSIGN_OR_RETURN(const ChildKey child, ChildOf(api, issuer, value));
  DOLEN_RETURN_IF_ERROR(Read(api, question, child, {}).status());
  Answered answered;
  answered.response = JsonResponse(absl::StrCat("{\"child\":\"", child.Hex(), "\"}\n"));
  answered.children = {child};
  answered.extent = Extent::kOpenPart;
  return answered;
}

// Which child an emergency is about: by its key, or by an identifier.
absl::StatusOr<ChildKey> ChildInNeed(Api& api, const Json& body) {
  if (body.contains("child")) {
    DOLEN_ASSIGN_OR_RETURN(const std::string hex, TextIn(body, "child", 32, 32));
    ChildKey child;
    if (ChildKey::FromHex(hex, child)) return child;
    return NotKnown();
  }
  DOLEN_ASSIGN_OR_RETURN(const std::string issuer, TextIn(body, "issuer", 1, 64));
  DOLEN_ASSIGN_OR_RETURN(const std::string value, TextIn(body, "value", 1, 64));
  return ChildOf(api, issuer, value);
}

absl::StatusOr<Answered> AnswerEmergency(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Json body, BodyOf(question.request));
  DOLEN_ASSIGN_OR_RETURN(const std::string reason, TextIn(body, "reason", 10, 500));
  DOLEN_RETURN_IF_ERROR(api.emergencies().Attempt(question.caller, question.now));
  DOLEN_ASSIGN_OR_RETURN(const ChildKey child, ChildInNeed(api, body));
  DOLEN_ASSIGN_OR_RETURN(
      const absl::optional<StoredChild> stored,
      ReadStoredChild(question.glances.Of(child), child, question.caller.agency));
  // All of it may be sealed.
  if (!stored || stored->unsealed.empty()) return NotKnown();
  Answered answered;
  const absl::Time until = api.emergencies().Grant(question.caller, child, question.now);
  answered.response = JsonResponse(
      absl::StrCat("{\"child\":\"", child.Hex(), "\",\"until\":\"", Rfc3339(until), "\"}\n"));
  answered.children = {child};
  answered.emergency = reason;
  return answered;
}

}  // namespace

absl::StatusOr<bool> IsKnownTo(const Question& question, const ChildKey& child) {
  const Glance& glance = question.glances.Of(child);
  DOLEN_ASSIGN_OR_RETURN(const absl::optional<StoredChild> stored,
                         ReadStoredChild(glance, child, question.caller.agency));
  return stored &&
         ReadTimeline(*stored, {question.caller.agency}, {}, glance.books(), glance.reached())
             .has_value();
}

void AddChildren(Api& api, const AddAsked& add) {
  add("POST", "/v1/children/find", Asked::kChild,
      [&api](const Question& question) { return AnswerFind(api, question); });
  add("GET", "/v1/children/{child}/timeline", Asked::kChild,
      [&api](const Question& question) { return AnswerTimeline(api, question); });
  add("POST", "/v1/emergencies", Asked::kEmergency,
      [&api](const Question& question) { return AnswerEmergency(api, question); });
}

}  // namespace dolen
