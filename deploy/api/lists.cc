#include "deploy/api/lists.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_set.h"
#include "deploy/api/api.h"
#include "deploy/api/page.h"
#include "deploy/api/routes.h"
#include "engine/base/status.h"
#include "projections/alerts/alert_json.h"
#include "projections/alerts/alerts_view.h"
#include "projections/worklist/worklist.h"

namespace dolen {
namespace {

constexpr ClockState kOpenStates[] = {ClockState::kRunning,  ClockState::kOverdue,
                                      ClockState::kPaused,   ClockState::kExcused,
                                      ClockState::kStanding, ClockState::kNoCalendar};

}  // namespace

absl::StatusOr<WorkQuery> WorkQueryOf(const Question& question) {
  WorkQuery query;
  query.agency = question.caller.agency;
  query.rule = question.Of("rule");
  const std::string whose = question.Of("whose"), state = question.Of("state");
  if (!whose.empty() && whose != "mine" && whose != "waiting") {
    return absl::InvalidArgumentError("whose: write mine or waiting");
  }
  query.side = whose == "waiting" ? WorkSide::kWaiting : WorkSide::kMine;
  for (const ClockState one : kOpenStates) {
    if (StateName(one) == state) query.state = one;
  }
  if (!state.empty() && !query.state) {
    return absl::InvalidArgumentError(
        "state: write running, overdue, paused, excused, standing or no_calendar");
  }
  return query;
}

absl::StatusOr<std::vector<WorkItem>> WorkItemsFor(Api& api, const Question& question,
                                                   const WorkQuery& query) {
  const absl::Time reached = question.glances.Reached();
  // What a busy shard has begun since is not left out until the quietest has heard something.
  const auto at = [&](const Glance& shard) { return std::max(reached, shard.reached()); };
  std::vector<WorkRows> shards;
  for (const Glance& shard : question.glances.shards) {
    shards.push_back({&shard.rows(), at(shard)});
  }
  DOLEN_ASSIGN_OR_RETURN(std::vector<WorkItem> items, ReadWorklist(shards, query));
  DOLEN_RETURN_IF_ERROR(
      api.sealed().ForEach(question.glances, query.agency,
                           [&](const Glance& shard, const SealedLines& lines) -> absl::Status {
                             DOLEN_ASSIGN_OR_RETURN(std::vector<WorkItem> some,
                                                    WorkItemsIn(lines.work, query, at(shard)));
                             std::move(some.begin(), some.end(), std::back_inserter(items));
                             return absl::OkStatus();
                           }));
  return items;
}

absl::StatusOr<std::vector<AgencyAlert>> AlertsFor(Api& api, const Question& question,
                                                   const AgencyAlertsQuery& query) {
  std::vector<AgencyAlert> alerts;
  absl::btree_set<std::string> sealed;
  DOLEN_RETURN_IF_ERROR(api.sealed().ForEach(question.glances, query.agency,
                                             [&](const Glance&, const SealedLines& lines) {
                                               sealed.insert(lines.child.Hex());
                                               for (const AgencyAlert& one : lines.alerts) {
                                                 if (IsAskedFor(one, query)) alerts.push_back(one);
                                               }
                                               return absl::OkStatus();
                                             }));
  std::vector<const StoreReader*> shards;
  for (const Glance& shard : question.glances.shards) shards.push_back(&shard.rows());
  DOLEN_ASSIGN_OR_RETURN(std::vector<AgencyAlert> listed, AlertsOfAgency(shards, query, sealed));
  std::move(listed.begin(), listed.end(), std::back_inserter(alerts));
  return alerts;
}

namespace {

absl::StatusOr<Answered> AnswerWorklist(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  DOLEN_ASSIGN_OR_RETURN(WorkQuery query, WorkQueryOf(question));
  DOLEN_ASSIGN_OR_RETURN(query.after, api.cursors().PlaceOf(question));
  DOLEN_ASSIGN_OR_RETURN(const size_t limit, LimitOf(question));
  query.limit = limit + 1;  // one more says whether there is a next page
  DOLEN_ASSIGN_OR_RETURN(std::vector<WorkItem> items, WorkItemsFor(api, question, query));
  const std::string next = CutPage(api, question, limit, items);
  const Books& books = question.glances.books();
  Answered answered = AnswerOf<WorkItem>(
      question, form, items, next,
      {[&](const WorkItem& item) { return WorkItemJson(item, books); }, WorkCsvHead(),
       [&](const WorkItem& item) { return WorkItemCsv(item, books); }});
  for (const WorkItem& item : items) answered.children.push_back(item.child);
  return answered;
}

absl::StatusOr<Answered> AnswerAlerts(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  AgencyAlertsQuery query;
  query.agency = question.caller.agency;
  query.level = question.Of("level");
  DOLEN_ASSIGN_OR_RETURN(query.after, api.cursors().PlaceOf(question));
  DOLEN_ASSIGN_OR_RETURN(const size_t limit, LimitOf(question));
  query.limit = limit + 1;
  DOLEN_ASSIGN_OR_RETURN(std::vector<AgencyAlert> alerts, AlertsFor(api, question, query));
  const std::string next = CutPage(api, question, limit, alerts);
  Answered answered = AnswerOf<AgencyAlert>(
      question, form, alerts, next,
      {[](const AgencyAlert& one) { return AlertForReaderJson(one.alert); }, AlertCsvHead(),
       [](const AgencyAlert& one) { return AlertCsv(one.alert); }});
  for (const AgencyAlert& one : alerts) {
    (void)ChildKey::FromHex(one.alert.child(), answered.children.emplace_back());
  }
  return answered;
}

}  // namespace

void AddLists(Api& api, const AddAsked& add) {
  add("GET", "/v1/worklist", Asked::kLists,
      [&api](const Question& question) { return AnswerWorklist(api, question); });
  add("GET", "/v1/alerts", Asked::kLists,
      [&api](const Question& question) { return AnswerAlerts(api, question); });
}

}  // namespace dolen
