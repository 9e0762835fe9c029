#include "projections/silence/silence.h"

#include "dolen/store/v1/store.pb.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/child/heard.h"
#include "engine/store/keys.h"
#include "nlohmann/json.hpp"
#include "projections/table/csv.h"

namespace dolen {

absl::StatusOr<std::vector<SilenceLine>> ReadSilence(const Glance& glance, absl::Time at) {
  std::vector<SilenceLine> lines;
  bool readable = true;
  const std::string prefix = keys::Agency("");
  DOLEN_RETURN_IF_ERROR(
      glance.rows().Scan(prefix, [&](absl::string_view key, absl::string_view value) {
        store::v1::AgencyRow row;
        readable = row.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
                   row.heard_size() > 0;
        if (!readable) return false;
        const store::v1::HeardAt& last = *row.heard().rbegin();
        SilenceLine& line = lines.emplace_back();
        line.agency = std::string(key.substr(prefix.size()));
        line.heard = FromMicros(last.recorded());
        // As the books say it now: one may have come since.
        line.expected_by = last.expected_by() != 0
                               ? FromMicros(last.expected_by())
                               : MayBeSilentUntil(line.agency, line.heard, glance.books());
        line.is_silent = line.expected_by && *line.expected_by <= at;
        return true;
      }));
  if (!readable) return absl::DataLossError("store: an agency's row cannot be parsed");
  return lines;
}

std::string SilenceJson(const std::vector<SilenceLine>& lines) {
  auto json = nlohmann::ordered_json::array();
  for (const SilenceLine& line : lines) {
    json.push_back(
        {{"agency", line.agency},
         {"heard", Rfc3339(line.heard)},
         {"expected_by", line.expected_by ? nlohmann::ordered_json(Rfc3339(*line.expected_by))
                                          : nlohmann::ordered_json()},
         {"silent", line.is_silent}});
  }
  return json.dump();
}

std::string SilenceCsv(const std::vector<SilenceLine>& lines) {
  std::string table = CsvLine({"agency", "heard", "expected_by", "silent"});
  for (const SilenceLine& line : lines) {
    table += CsvLine({line.agency, Rfc3339(line.heard),
                      line.expected_by ? Rfc3339(*line.expected_by) : "",
                      line.is_silent ? "true" : "false"});
  }
  return table;
}

}  // namespace dolen
