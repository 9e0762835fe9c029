#include "projections/alerts/trail.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "dolen/store/v1/store.pb.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/store/keys.h"

namespace dolen {
namespace {

// Whether it could be parsed.
template <typename Said>
bool Read(const std::string& bytes, absl::string_view wanted, TrailLine& line,
          std::vector<TrailLine>& trail) {
  Said said;
  if (!said.ParseFromString(bytes)) return false;
  if (!wanted.empty() && said.alert_id() != wanted) return true;
  line.what = std::move(said);
  trail.push_back(std::move(line));
  return true;
}

bool ReadRow(const store::v1::TrailRow& row, absl::string_view wanted,
             std::vector<TrailLine>& trail) {
  TrailLine line;
  line.recorded = FromMicros(row.recorded());
  switch (row.what_case()) {
    case store::v1::TrailRow::kChange:
      return Read<alert::v1::Alert>(row.change(), wanted, line, trail);
    case store::v1::TrailRow::kAction:
      return Read<alert::v1::Action>(row.action(), wanted, line, trail);
    case store::v1::TrailRow::kReceipt:
      return Read<alert::v1::Receipt>(row.receipt(), wanted, line, trail);
    case store::v1::TrailRow::WHAT_NOT_SET:
      return false;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::vector<TrailLine>> TrailOf(const StoreReader& store, const ChildKey& child,
                                               absl::string_view alert_id) {
  std::vector<TrailLine> trail;
  bool good = true;
  DOLEN_RETURN_IF_ERROR(
      store.Scan(keys::TrailOf(child), [&](absl::string_view, absl::string_view value) {
        store::v1::TrailRow row;
        good = row.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
               ReadRow(row, alert_id, trail);
        return good;
      }));
  if (!good) return absl::DataLossError("store: a line of a trail cannot be parsed");
  return trail;
}

absl::StatusOr<std::vector<AlertName>> AlertsNamed(const StoreReader& store,
                                                   absl::string_view digits, size_t most) {
  const std::string whole = absl::HexStringToBytes(digits.substr(0, digits.size() / 2 * 2));
  std::vector<AlertName> names;
  bool good = true;
  DOLEN_RETURN_IF_ERROR(
      store.Scan(keys::AlertChild(whole), [&](absl::string_view key, absl::string_view value) {
        AlertName name{absl::BytesToHexString(key.substr(1)), {}};
        good = ChildKey::FromBytes(value, name.child);
        if (good && absl::StartsWith(name.alert_id, digits)) names.push_back(std::move(name));
        return good && names.size() < most;
      }));
  if (!good) return absl::DataLossError("store: an alert without its child");
  return names;
}

}  // namespace dolen
