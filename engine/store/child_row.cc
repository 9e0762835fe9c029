#include "engine/store/child_row.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/store/keys.h"
#include "engine/store/picture_codec.h"

namespace dolen {
namespace {

constexpr size_t kFrontBytes = 12;

// Steps are taken modulo 2^64, so that damaged ones lead somewhere and not into undefined
// behaviour.
int64_t Step(int64_t from, int64_t to) {
  return static_cast<int64_t>(static_cast<uint64_t>(to) - static_cast<uint64_t>(from));
}
int64_t Stepped(int64_t from, int64_t step) {
  return static_cast<int64_t>(static_cast<uint64_t>(from) + static_cast<uint64_t>(step));
}

// `version` from 1; 0: none in particular.
absl::StatusOr<const RuleFamily*> FamilyOf(const std::string& rule, uint32_t version,
                                           const Books& books) {
  const RuleFamily* family = books.FindFamily(rule);
  if (family != nullptr && version <= family->versions.size()) return family;
  return absl::DataLossError(
      absl::StrCat("child row: no version ", version, " of rule ", rule, " was ever published"));
}

void PutTold(const Told& told, NameWriter& names, store::v1::AlertRow& row) {
  row.set_clock(told.clock);
  row.set_level(names.PlaceOf(told.level));
  row.set_rule(names.PlaceOf(told.rule));
  row.set_version(told.version + 1);
  row.set_matter_agency(names.PlaceOf(told.matter_agency));
  row.set_matter_id(told.matter_id);
  row.set_accountable(names.PlaceOf(told.accountable));
  row.set_state(told.state);
  row.set_number(told.number);
  row.set_due(Micros(told.due));
  row.set_since(Micros(told.since));
}

absl::Status ReadTold(const store::v1::AlertRow& row, const Books& books, NameReader& names,
                      Told& told) {
  if (row.version() != 0) {
    DOLEN_RETURN_IF_ERROR(FamilyOf(names.At(row.rule()), row.version(), books).status());
  }
  if (row.state() == 0 || !alert::v1::State_IsValid(row.state())) {
    return absl::DataLossError("child row: an alert that says nothing");
  }
  told.clock = row.clock();
  told.level = names.At(row.level());
  told.rule = names.At(row.rule());
  told.version = static_cast<int>(row.version()) - 1;
  told.matter_agency = names.At(row.matter_agency());
  told.matter_id = row.matter_id();
  told.accountable = names.At(row.accountable());
  told.state = static_cast<alert::v1::State>(row.state());
  told.number = row.number();
  told.due = FromMicros(row.due());
  told.since = FromMicros(row.since());
  return absl::OkStatus();
}

void PutEntries(absl::Span<const History::Entry> entries, store::v1::IndexPage& page) {
  page.mutable_occurred_step()->Reserve(static_cast<int>(entries.size()));
  page.mutable_position_step()->Reserve(static_cast<int>(entries.size()));
  page.mutable_id_hash()->Reserve(static_cast<int>(entries.size()));
  int64_t occurred = 0, position = 0;
  for (const History::Entry& entry : entries) {
    page.add_occurred_step(Step(occurred, entry.occurred));
    page.add_position_step(Step(position, entry.position));
    page.add_id_hash(entry.id_hash);
    occurred = entry.occurred;
    position = entry.position;
  }
}

absl::Status ReadEntries(const store::v1::IndexPage& page, bool closed,
                         std::vector<History::Entry>& entries) {
  const int size = page.position_step_size();
  if (closed ? size != kIndexPage : size >= kIndexPage) {
    return absl::DataLossError("child row: an index page has the wrong number of entries");
  }
  if (page.occurred_step_size() != size || page.id_hash_size() != size) {
    return absl::DataLossError("child row: an index page has columns of different lengths");
  }
  int64_t occurred = 0, position = 0;
  for (int i = 0; i < size; ++i) {
    occurred = Stepped(occurred, page.occurred_step(i));
    position = Stepped(position, page.position_step(i));
    entries.push_back({occurred, position, page.id_hash(i)});
  }
  return absl::OkStatus();
}

absl::Status ReadPages(const ChildKey& child, uint32_t pages, const Store& store,
                       store::v1::IndexPage& scratch, std::vector<History::Entry>& entries) {
  if (pages > kMaxEventsPerChild / kIndexPage) {
    return absl::DataLossError("child row: more index pages than a child can have");
  }
  std::vector<std::string> page_keys;
  for (uint32_t page = 0; page < pages; ++page) page_keys.push_back(keys::Page(child, page));
  DOLEN_ASSIGN_OR_RETURN(const std::vector<std::string> rows, store.GetAll(page_keys));
  for (const std::string& row : rows) {
    if (!scratch.ParseFromString(row)) {
      return absl::DataLossError("child row: a page cannot be parsed");
    }
    DOLEN_RETURN_IF_ERROR(ReadEntries(scratch, /*closed=*/true, entries));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RowFront> ReadRowFront(absl::string_view row) {
  if (row.size() < kFrontBytes) return absl::DataLossError("child row: shorter than its front");
  return RowFront{FromMicros(static_cast<int64_t>(keys::FromBigEndian(row.substr(0, 8)))),
                  static_cast<int>(keys::FromBigEndian(row.substr(8, 4)))};
}

uint32_t ChildRows::Encode(const ChildKey& child, const ChildState& state, const Books& books,
                           uint32_t pages_written, std::string& row, Batch& batch) {
  const absl::Span<const History::Entry> entries = state.history.entries();
  const uint32_t pages = static_cast<uint32_t>(entries.size() / kIndexPage);
  for (uint32_t page = pages_written; page < pages; ++page) {
    page_.Clear();
    PutEntries(entries.subspan(page * kIndexPage, kIndexPage), page_);
    batch.Put(keys::Page(child, page), page_.SerializeAsString());
  }
  row_.Clear();
  NameWriter names(names_);
  row_.set_pages(pages);
  PutEntries(entries.subspan(pages * kIndexPage), *row_.mutable_index());
  const OrderKey& last = state.history.last();
  store::v1::OrderKey& last_row = *row_.mutable_last();
  last_row.set_occurred(Micros(last.occurred));
  last_row.set_rank(last.rank);
  last_row.set_agency(names.PlaceOf(last.agency));
  last_row.set_sequence(last.sequence);
  last_row.set_event_id(last.event_id);
  PutPicture(state.picture, books, names, row_);
  for (const Told& told : state.alerts) PutTold(told, names, *row_.add_alert());
  for (const absl::string_view name : names_) row_.add_name(name.data(), name.size());
  row_.set_aside(state.aside);
  row_.set_alert_pages(state.alert_pages);
  row.clear();
  row.reserve(kFrontBytes + row_.ByteSizeLong());
  row.append(keys::BigEndian(static_cast<uint64_t>(Micros(state.next_due)), 8));
  row.append(keys::BigEndian(state.picture.books, 4));
  row_.AppendToString(&row);
  return pages;
}

std::string ChildRows::EncodeAlerts(const Alerts& page) {
  alerts_.Clear();
  NameWriter names(names_);
  for (const Told& told : page) PutTold(told, names, *alerts_.add_alert());
  for (const absl::string_view name : names_) alerts_.add_name(name.data(), name.size());
  return alerts_.SerializeAsString();
}

absl::Status ChildRows::DecodeAlerts(absl::string_view row, const Books& books, Alerts& alerts) {
  if (!alerts_.ParseFromArray(row.data(), static_cast<int>(row.size()))) {
    return absl::DataLossError("alert page: cannot be parsed");
  }
  NameReader names(alerts_.name());
  for (const store::v1::AlertRow& alert : alerts_.alert()) {
    DOLEN_RETURN_IF_ERROR(ReadTold(alert, books, names, alerts.emplace_back()));
  }
  if (!names.good()) return absl::DataLossError("alert page: a name is missing");
  return absl::OkStatus();
}

absl::Status ChildRows::Decode(const ChildKey& child, absl::string_view row, const Books& books,
                               const Store& store, ChildState& state) {
  DOLEN_ASSIGN_OR_RETURN(const RowFront front, ReadRowFront(row));
  if (!row_.ParseFromArray(row.data() + kFrontBytes, static_cast<int>(row.size() - kFrontBytes))) {
    return absl::DataLossError("child row: cannot be parsed");
  }
  NameReader names(row_.name());
  state.next_due = front.next_due;
  state.aside = row_.aside();
  state.alert_pages = row_.alert_pages();
  entries_.clear();
  if (row_.pages() > 0) {
    DOLEN_RETURN_IF_ERROR(ReadPages(child, row_.pages(), store, page_, entries_));
  }
  DOLEN_RETURN_IF_ERROR(ReadEntries(row_.index(), /*closed=*/false, entries_));
  const store::v1::OrderKey& last = row_.last();
  last_.occurred = FromMicros(last.occurred());
  last_.rank = static_cast<int>(last.rank());
  last_.agency = names.At(last.agency());
  last_.sequence = last.sequence();
  last_.event_id = last.event_id();
  state.history.Restore(entries_, last_);
  Picture& picture = state.picture;
  picture.books = front.books;
  DOLEN_RETURN_IF_ERROR(ReadPicture(row_, books, names, picture));
  state.alerts.resize(row_.alert_size());
  for (int i = 0; i < row_.alert_size(); ++i) {
    DOLEN_RETURN_IF_ERROR(ReadTold(row_.alert(i), books, names, state.alerts[i]));
  }
  if (!names.good()) return absl::DataLossError("child row: a name is missing");
  return absl::OkStatus();
}

}  // namespace dolen
