#include "projections/alerts/alert_json.h"

#include <boost/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/base/time.h"
#include "engine/child/matter.h"
#include "projections/table/csv.h"
#include "projections/timeline/timeline.h"

namespace dolen {
namespace {

std::string AboutText(alert::v1::About about) {
  const std::string name = alert::v1::About_Name(about);
  return absl::AsciiStrToLower(absl::StripPrefix(name, "ABOUT_"));
}

std::string UntilText(const alert::v1::Alert& alert) {
  return alert.has_answer() ? Rfc3339(FromTimestamp(alert.answer().until())) : "";
}

std::string MatterOf(const alert::v1::Alert& alert) {
  return MatterName(alert.matter_agency(), alert.matter_id());
}

}  // namespace

boost::json::value AlertForReader(const alert::v1::Alert& alert,
                                  const boost::json::storage_ptr& memory) {
  const std::string until = UntilText(alert);
  return boost::json::value(
      {{"alert_id", alert.alert_id()},
       {"number", alert.number()},
       {"child", alert.child()},
       {"matter", MatterOf(alert)},
       {"clock", alert.clock()},
       {"about", AboutText(alert.about())},
       {"level", alert.level()},
       {"state", StateText(alert.state())},
       {"due", Rfc3339(FromTimestamp(alert.due()))},
       {"since", Rfc3339(FromTimestamp(alert.since()))},
       {"accountable", alert.accountable()},
       {"rule", alert.rule()},
       {"book_version", alert.book_version()},
       {"source", SourceText(alert.source())},
       {"title", {{"en", alert.title_en()}, {"cy", alert.title_cy()}}},
       {"weight", alert.weight()},
       {"assigned_to", alert.assigned_to()},
       {"until", until.empty() ? boost::json::value(memory) : boost::json::value(until, memory)}},
      memory);
}

std::string AlertForReaderJson(const alert::v1::Alert& alert) {
  boost::json::monotonic_resource resource;
  return boost::json::serialize(AlertForReader(alert, &resource));
}

std::string AlertCsvHead() {
  return CsvLine({"alert_id", "child", "matter", "clock", "about", "level", "state", "due", "since",
                  "accountable", "rule", "title_en", "title_cy", "weight", "assigned_to", "until"});
}

std::string AlertCsv(const alert::v1::Alert& alert) {
  return CsvLine({alert.alert_id(), alert.child(), MatterOf(alert), alert.clock(),
                  AboutText(alert.about()), alert.level(), StateText(alert.state()),
                  Rfc3339(FromTimestamp(alert.due())), Rfc3339(FromTimestamp(alert.since())),
                  alert.accountable(), alert.rule(), alert.title_en(), alert.title_cy(),
                  alert.weight(), alert.assigned_to(), UntilText(alert)});
}

}  // namespace dolen
