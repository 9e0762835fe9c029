#include "engine/shard/agencies.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"
#include "engine/child/due.h"
#include "engine/pathway/about.h"
#include "engine/store/keys.h"

namespace dolen {
namespace {

// What was said of a silence is looked at again when a book is published. So many are kept: an
// agency that falls silent once a week for a year.
constexpr int kMaxSilences = 52;

// Until when an agency that was heard may be silent; 0: the books do not say.
int64_t ExpectedBy(absl::string_view agency, absl::Time heard, const Books& books) {
  const pathway::v1::Agency* known = books.FindAgency(agency);
  if (known == nullptr || !known->has_quiet_after()) return 0;
  const absl::optional<absl::Time> end =
      EndOf(known->quiet_after(), heard,
            {books.zone(), books.WorkingDaysOf(agency), books.SchoolDaysOf(agency)});
  return end ? Micros(*end) : 0;
}

}  // namespace

absl::Status Agencies::Load(const Store& store) {
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
  now.set_expected_by(ExpectedBy(agency, recorded, books));
  batch.Put(keys::Agency(agency), known.row.SerializeAsString());
}

std::vector<Event> Agencies::EventsOf(const ChildKey& key, const Books& books) const {
  const Agency& agency = by_key_.at(key);
  std::vector<Event> events;
  for (const store::v1::HeardAt& heard : agency.row.heard()) {
    Event& event = events.emplace_back();
    event.recorded = FromMicros(heard.recorded());
    event.position = static_cast<int64_t>(heard.position());
    event.open.set_agency(agency.name);
    event.open.set_event_id(absl::StrCat(heard.position()));
    event.open.set_kind(event::v1::KIND_MILESTONE_REACHED);
    event.open.set_milestone(std::string(kAgencyHeard));
    *event.open.mutable_occurred()->mutable_instant() = ToTimestamp(event.recorded);
    // A book that says so later counts too, so that who was silent before it is not overlooked.
    const int64_t expected_by = heard.expected_by() != 0
                                    ? heard.expected_by()
                                    : ExpectedBy(agency.name, event.recorded, books);
    if (expected_by == 0) continue;
    event::v1::Field& field = *event.open.add_fields();
    field.set_name("expected_by");
    *field.mutable_when()->mutable_instant() = ToTimestamp(FromMicros(expected_by));
  }
  return events;
}

}  // namespace dolen
