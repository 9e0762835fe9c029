#include "engine/shard/agencies.h"

#include "absl/types/optional.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"
#include "engine/child/heard.h"
#include "engine/store/keys.h"

namespace dolen {
namespace {

// What was said of a silence is looked at again when a book is published. So many are kept: an
// agency that falls silent once a week for a year.
constexpr int kMaxSilences = 52;

}  // namespace

absl::Status Agencies::Load(const StoreReader& store) {
  absl::Status result;
  const absl::Status scanned = store.Scan("g", [&](absl::string_view key, absl::string_view value) {
    Agency agency{std::string(key.substr(1)), {}};
    if (!agency.row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      result = absl::DataLossError("store: an agency's row cannot be parsed");
      return false;
    }
    by_key_[AgencyKey(agency.name)] = agency;
    return true;
  });
  return scanned.ok() ? result : scanned;
}

void Agencies::Hear(absl::string_view agency, int64_t position, absl::Time recorded,
                    const Books& books, Batch& batch) {
  Agency& known = by_key_[AgencyKey(agency)];
  known.name = std::string(agency);
  auto& heard = *known.row.mutable_heard();
  if (!heard.empty()) {
    // Only where a silence followed does it matter later that it was heard before.
    const int64_t expected_by = heard.rbegin()->expected_by();
    if (expected_by == 0 || expected_by > Micros(recorded)) {
      heard.RemoveLast();
    } else if (heard.size() >= kMaxSilences) {
      heard.DeleteSubrange(0, 1);
    }
  }
  store::v1::HeardAt& now = *heard.Add();
  now.set_position(static_cast<uint64_t>(position));
  now.set_recorded(Micros(recorded));
  const absl::optional<absl::Time> until = MayBeSilentUntil(agency, recorded, books);
  now.set_expected_by(until ? Micros(*until) : 0);
  batch.Put(keys::Agency(agency), known.row.SerializeAsString());
}

std::vector<Event> Agencies::EventsOf(const ChildKey& key, const Books& books) const {
  const Agency& agency = by_key_.at(key);
  std::vector<Event> events;
  for (const store::v1::HeardAt& heard : agency.row.heard()) {
    const absl::Time recorded = FromMicros(heard.recorded());
    // A book that says so later counts too, so that who was silent before it is not overlooked.
    const absl::optional<absl::Time> until = heard.expected_by() != 0
                                                 ? FromMicros(heard.expected_by())
                                                 : MayBeSilentUntil(agency.name, recorded, books);
    events.push_back(
        HeardEvent(agency.name, static_cast<int64_t>(heard.position()), recorded, until));
  }
  return events;
}

}  // namespace dolen
