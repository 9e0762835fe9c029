// The worklist as JSON and as a table.
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/child/matter.h"
#include "projections/table/csv.h"
#include "projections/timeline/timeline.h"
#include "projections/worklist/worklist.h"

namespace dolen {
namespace {

namespace json = boost::json;

// An empty one where the books here do not know it.
const RuleVersion& VersionOf(const WorkItem& item, const Books& books) {
  static const RuleVersion* const kNone = new RuleVersion();
  const RuleFamily* family = books.FindFamily(item.row.rule());
  if (family == nullptr || item.row.version() >= family->versions.size()) return *kNone;
  return family->versions[item.row.version()];
}

std::string TimeText(bool has, int64_t micros) { return has ? Rfc3339(FromMicros(micros)) : ""; }

json::value TimeOrNull(bool has, int64_t micros, const json::storage_ptr& memory) {
  if (!has) return json::value(memory);
  return json::value(Rfc3339(FromMicros(micros)), memory);
}

json::value AlertJsonOf(const WorkItem& item, const json::storage_ptr& memory) {
  if (item.row.alert_id().empty()) return json::value(memory);
  return json::value({{"alert_id", absl::BytesToHexString(item.row.alert_id())},
                      {"level", item.row.alert_level()},
                      {"state", StateText(static_cast<alert::v1::State>(item.row.alert_state()))},
                      {"assigned_to", item.row.assigned_to()}},
                     memory);
}

}  // namespace

std::string WorkItemJson(const WorkItem& item, const Books& books) {
  unsigned char bytes[4096];  // more than nearly all need
  json::monotonic_resource resource(bytes, sizeof(bytes));
  const json::storage_ptr memory(&resource);
  const store::v1::WorkRow& row = item.row;
  const RuleVersion& version = VersionOf(item, books);
  const pathway::v1::Rule& rule = version.rule;
  const json::value value({{"clock", row.clock()},
                           {"child", item.child.Hex()},
                           {"matter", MatterName(row.matter_agency(), row.matter_id())},
                           {"rule", row.rule()},
                           {"title", {{"en", rule.title().en()}, {"cy", rule.title().cy()}}},
                           {"book_version", version.book_version},
                           {"source", SourceText(rule.source())},
                           {"weight", WeightText(rule)},
                           {"accountable", row.accountable()},
                           {"asker", row.waits()},
                           {"state", std::string(StateName(item.state))},
                           {"started", TimeText(row.has_start(), row.start())},
                           {"due", TimeOrNull(row.has_due(), row.due(), memory)},
                           {"target", TimeOrNull(row.has_target(), row.target(), memory)},
                           {"paused_by", item.paused_by},
                           {"alert", AlertJsonOf(item, memory)}},
                          memory);
  return json::serialize(value);
}

std::string WorkCsvHead() {
  return CsvLine({"child", "clock", "matter", "rule", "title_en", "title_cy", "weight",
                  "accountable", "asker", "state", "started", "due", "target", "paused_by",
                  "alert_level", "alert_state", "assigned_to"});
}

std::string WorkItemCsv(const WorkItem& item, const Books& books) {
  const store::v1::WorkRow& row = item.row;
  const pathway::v1::Rule& rule = VersionOf(item, books).rule;
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
