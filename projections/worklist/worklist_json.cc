// The worklist as JSON and as a table.
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/child/matter.h"
#include "nlohmann/json.hpp"
#include "projections/table/csv.h"
#include "projections/timeline/timeline.h"
#include "projections/worklist/worklist.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

const RuleVersion* VersionOf(const WorkItem& item, const Books& books) {
  const RuleFamily* family = books.FindFamily(item.row.rule());
  if (family == nullptr || item.row.version() >= family->versions.size()) return nullptr;
  return &family->versions[item.row.version()];
}

std::string TimeText(bool has, int64_t micros) { return has ? Rfc3339(FromMicros(micros)) : ""; }

Json TimeOrNull(bool has, int64_t micros) {
  return has ? Json(Rfc3339(FromMicros(micros))) : Json();
}

Json AlertJsonOf(const WorkItem& item) {
  if (item.row.alert_id().empty()) return {};
  return {{"alert_id", absl::BytesToHexString(item.row.alert_id())},
          {"level", item.row.alert_level()},
          {"state", StateText(static_cast<alert::v1::State>(item.row.alert_state()))},
          {"assigned_to", item.row.assigned_to()}};
}

}  // namespace

std::string WorkItemJson(const WorkItem& item, const Books& books) {
  const store::v1::WorkRow& row = item.row;
  const RuleVersion* version = VersionOf(item, books);
  const pathway::v1::Rule rule = version == nullptr ? pathway::v1::Rule() : version->rule;
  const Json json = {{"clock", row.clock()},
                     {"child", item.child.Hex()},
                     {"matter", MatterName(row.matter_agency(), row.matter_id())},
                     {"rule", row.rule()},
                     {"title", {{"en", rule.title().en()}, {"cy", rule.title().cy()}}},
                     {"book_version", version == nullptr ? "" : version->book_version},
                     {"source", SourceText(rule.source())},
                     {"weight", WeightText(rule)},
                     {"accountable", row.accountable()},
                     {"asker", row.waits()},
                     {"state", std::string(StateName(item.state))},
                     {"started", TimeText(row.has_start(), row.start())},
                     {"due", TimeOrNull(row.has_due(), row.due())},
                     {"target", TimeOrNull(row.has_target(), row.target())},
                     {"paused_by", item.paused_by},
                     {"alert", AlertJsonOf(item)}};
  return json.dump();
}

std::string WorkCsvHead() {
  return CsvLine({"child", "clock", "matter", "rule", "title_en", "title_cy", "weight",
                  "accountable", "asker", "state", "started", "due", "target", "paused_by",
                  "alert_level", "alert_state", "assigned_to"});
}

std::string WorkItemCsv(const WorkItem& item, const Books& books) {
  const store::v1::WorkRow& row = item.row;
  const RuleVersion* version = VersionOf(item, books);
  const pathway::v1::Rule rule = version == nullptr ? pathway::v1::Rule() : version->rule;
  const bool has_alert = !row.alert_id().empty();
  return CsvLine({item.child.Hex(), row.clock(), MatterName(row.matter_agency(), row.matter_id()),
                  row.rule(), rule.title().en(), rule.title().cy(), WeightText(rule),
                  row.accountable(), row.waits(), StateName(item.state),
                  TimeText(row.has_start(), row.start()), TimeText(row.has_due(), row.due()),
                  TimeText(row.has_target(), row.target()), item.paused_by, row.alert_level(),
                  has_alert ? StateText(static_cast<alert::v1::State>(row.alert_state())) : "",
                  row.assigned_to()});
}

}  // namespace dolen
