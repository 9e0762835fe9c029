// Worklist and alerts as they change: a stream of events for each reader.
#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "deploy/api/api.h"
#include "deploy/api/lists.h"
#include "deploy/api/routes.h"
#include "engine/base/status.h"
#include "nlohmann/json.hpp"
#include "projections/alerts/alert_json.h"
#include "projections/sealed/sealed_view.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostInAList = 1000;  // what stands first; the rest is read in pages

std::string LastIdOf(const Question& question) {
  const auto header = question.request.headers.find("last-event-id");
  return header != question.request.headers.end() ? header->second : question.Of("after");
}

// One list with what follows it.
struct List {
  std::vector<SseEvent> events;  // its items, in order
  std::vector<ChildKey> children;
};

absl::StatusOr<Answered> Stream(Api& api, const Question& question, const std::string& what,
                                Followed followed,
                                absl::FunctionRef<absl::StatusOr<List>()> read_list) {
  const std::string last_id = LastIdOf(question);
  const bool needs_list = api.feed().NeedsList(last_id);
  Answered answered;
  HttpResponse& response = answered.response;
  const std::string position = question.glances.Position();
  if (needs_list) {
    DOLEN_ASSIGN_OR_RETURN(List list, read_list());
    response.body = Encoded({"", "reset", "{}"});
    for (const SseEvent& event : list.events) response.body += Encoded(event);
    answered.children = std::move(list.children);
    // From here on it is live; whoever comes back with this id goes on from here.
    response.body += Encoded({position, "live", absl::StrCat("{\"position\":\"", position, "\"}")});
  }
  response.stream = api.streams().Open(question.caller.subject);
  if (response.stream == nullptr) {
    return absl::ResourceExhaustedError(
        absl::StrCat("you have ", kMostStreams, " streams open; close a page, or ask again later"));
  }
  followed.read = ReadOf(question.caller, question.purpose, what, question.now);
  followed.read.set_extent(audit::v1::Read::EXTENT_OPEN_PART);
  api.feed().Follow(response.stream, std::move(followed), needs_list ? position : last_id);
  return answered;
}

// Of a row that went, and of one whose clock is not open any more.
SseEvent Gone(const WorkItem& item) {
  const Json json = {{"clock", item.row.clock()}, {"child", item.child.Hex()}};
  return {"", "gone", json.dump()};
}

absl::optional<SseEvent> WorkEvent(const RowChange& change, const Glances& glances,
                                   const WorkQuery& query, ChildKey& child) {
  const std::string& value = change.now ? *change.now : *change.before;
  const absl::StatusOr<WorkItem> ever = WorkItemOfAnyTime(change.key, value);
  if (!ever.ok()) return absl::nullopt;
  child = ever->child;
  // As of its own shard: by the time of a quieter one it might not have begun, and no later change
  // would say that it has.
  const absl::Time at = std::max(glances.Reached(), glances.Of(child).reached());
  const absl::StatusOr<absl::optional<WorkItem>> now = WorkItemOf(change.key, value, at);
  if (!now.ok()) return absl::nullopt;
  if (!change.now || !*now || !Fits(**now, query)) return Gone(*ever);
  return SseEvent{"", "item", WorkItemJson(**now, glances.Of(child).books())};
}

absl::StatusOr<Answered> AnswerWorklistStream(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(WorkQuery query, WorkQueryOf(question));
  query.limit = kMostInAList;
  Followed followed;
  followed.prefix = WorklistPrefix(query.agency, query.side);
  followed.filter = absl::StrCat(query.state ? StateName(*query.state) : "", "\n", query.rule);
  followed.event = [query](const RowChange& change, const Glances& glances, ChildKey& child) {
    return WorkEvent(change, glances, query, child);
  };
  const auto read_list = [&]() -> absl::StatusOr<List> {
    DOLEN_ASSIGN_OR_RETURN(std::vector<WorkItem> items, WorkItemsFor(api, question, query));
    std::sort(items.begin(), items.end(),
              [](const WorkItem& a, const WorkItem& b) { return a.place < b.place; });
    if (items.size() > kMostInAList) items.resize(kMostInAList);
    List list;
    for (const WorkItem& item : items) {
      list.events.push_back({"", "item", WorkItemJson(item, question.glances.books())});
      list.children.push_back(item.child);
    }
    return list;
  };
  return Stream(api, question, "GET /v1/worklist/stream", std::move(followed), read_list);
}

absl::optional<SseEvent> AlertEvent(const RowChange& change, const Glances& glances,
                                    ChildKey& child) {
  alert::v1::Alert alert;
  if (!alert.ParseFromString(change.now ? *change.now : *change.before) ||
      !ChildKey::FromHex(alert.child(), child)) {
    return absl::nullopt;
  }
  // What is said of a child with a seal hangs on who asks: it is read, and not sent.
  const absl::StatusOr<bool> is_sealed = IsSealed(glances.Of(child).rows(), child);
  if (!is_sealed.ok() || *is_sealed) return absl::nullopt;
  if (change.now) return SseEvent{"", "alert", AlertForReaderJson(alert)};
  const Json json = {{"alert_id", alert.alert_id()}, {"child", alert.child()}};
  return SseEvent{"", "gone", json.dump()};
}

absl::StatusOr<Answered> AnswerAlertsStream(Api& api, const Question& question) {
  AgencyAlertsQuery query;
  query.agency = question.caller.agency;
  query.limit = kMostInAList;
  Followed followed;
  followed.prefix = AgencyAlertsPrefix(query.agency);
  followed.event = [](const RowChange& change, const Glances& glances, ChildKey& child) {
    return AlertEvent(change, glances, child);
  };
  const auto read_list = [&]() -> absl::StatusOr<List> {
    DOLEN_ASSIGN_OR_RETURN(std::vector<AgencyAlert> alerts, AlertsFor(api, question, query));
    std::sort(alerts.begin(), alerts.end(),
              [](const AgencyAlert& a, const AgencyAlert& b) { return a.place < b.place; });
    if (alerts.size() > kMostInAList) alerts.resize(kMostInAList);
    List list;
    for (const AgencyAlert& one : alerts) {
      list.events.push_back({"", "alert", AlertForReaderJson(one.alert)});
      (void)ChildKey::FromHex(one.alert.child(), list.children.emplace_back());
    }
    return list;
  };
  return Stream(api, question, "GET /v1/alerts/stream", std::move(followed), read_list);
}

}  // namespace

void AddStreams(Api& api, const AddAsked& add) {
  add("GET", "/v1/worklist/stream", Asked::kLists,
      [&api](const Question& question) { return AnswerWorklistStream(api, question); });
  add("GET", "/v1/alerts/stream", Asked::kLists,
      [&api](const Question& question) { return AnswerAlertsStream(api, question); });
}

}  // namespace dolen
