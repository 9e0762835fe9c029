// Holdings and handovers as JSON and as tables.
#include "engine/base/time.h"
#include "nlohmann/json.hpp"
#include "projections/responsibility/responsibility.h"
#include "projections/table/csv.h"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

absl::string_view HandoverKindName(HandoverLine::Kind kind) {
  switch (kind) {
    case HandoverLine::kOffered:
      return "offered";
    case HandoverLine::kGap:
      return "gap";
    case HandoverLine::kOverlap:
      return "overlap";
  }
  return "";
}

std::string HoldingJson(const HoldingLine& line) {
  const Json json = {
      {"child", line.child.Hex()}, {"part", line.part}, {"since", line.since}, {"by", line.by}};
  return json.dump();
}

std::string HoldingCsvHead() { return CsvLine({"child", "part", "since", "by"}); }

std::string HoldingCsv(const HoldingLine& line) {
  return CsvLine({line.child.Hex(), line.part, line.since, line.by});
}

std::string HandoverJson(const HandoverLine& line) {
  const bool has_due = line.due != absl::InfiniteFuture();
  const Json json = {{"kind", std::string(HandoverKindName(line.kind))},
                     {"child", line.child.Hex()},
                     {"matter", line.matter},
                     {"part", line.part},
                     {"from", line.from},
                     {"to", line.to},
                     {"since", line.since},
                     {"due", has_due ? Json(Rfc3339(line.due)) : Json()}};
  return json.dump();
}

std::string HandoverCsvHead() {
  return CsvLine({"kind", "child", "matter", "part", "from", "to", "since", "due"});
}

std::string HandoverCsv(const HandoverLine& line) {
  return CsvLine({HandoverKindName(line.kind), line.child.Hex(), line.matter, line.part, line.from,
                  line.to, line.since,
                  line.due == absl::InfiniteFuture() ? "" : Rfc3339(line.due)});
}

}  // namespace dolen
