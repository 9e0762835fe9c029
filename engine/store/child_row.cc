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
  for (const std::string& to : told.to) row.add_to(names.PlaceOf(to));
  if (!told.household.empty()) row.set_household(names.PlaceOf(told.household));
  if (told.answer != alert::v1::Answer::KIND_UNSPECIFIED) row.set_answer(told.answer);
  if (told.answered != absl::InfinitePast()) row.set_answered(Micros(told.answered));
  if (told.until != absl::InfinitePast()) row.set_until(Micros(told.until));
  if (!told.assigned_to.empty()) row.set_assigned_to(names.PlaceOf(told.assigned_to));
}

absl::Status ReadTold(const store::v1::AlertRow& row, const Books& books, NameReader& names,
                      Told& told) {
  if (row.version() != 0) {
    DOLEN_RETURN_IF_ERROR(FamilyOf(names.At(row.rule()), row.version(), books).status());
  }
  if (row.state() == 0 || !alert::v1::State_IsValid(row.state()) ||
      !alert::v1::Answer::Kind_IsValid(row.answer())) {
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
  told.to.clear();
  for (const uint32_t to : row.to()) told.to.emplace_back(names.At(to));
  told.household = row.has_household() ? names.At(row.household()) : std::string();
  told.answer = static_cast<alert::v1::Answer::Kind>(row.answer());
  told.answered = row.has_answered() ? FromMicros(row.answered()) : absl::InfinitePast();
  told.until = row.has_until() ? FromMicros(row.until()) : absl::InfinitePast();
  told.assigned_to = row.has_assigned_to() ? names.At(row.assigned_to()) : std::string();
  return absl::OkStatus();
}

void PutEntries(absl::Span<const History::Entry> entries, store::v1::IndexPage& page) {
  page.mutable_position()->Reserve(static_cast<int>(entries.size()));
  page.mutable_id_hash()->Reserve(static_cast<int>(entries.size()));
  for (const History::Entry& entry : entries) {
    page.add_position(static_cast<uint64_t>(entry.position));
    page.add_id_hash(entry.id_hash);
  }
}

absl::Status ReadEntries(const store::v1::IndexPage& page, bool closed,
                         std::vector<History::Entry>& entries) {
  const int size = page.position_size();
  if (closed ? size != kIndexPage : size >= kIndexPage) {
    return absl::DataLossError("child row: an index page has the wrong number of entries");
  }
  if (page.id_hash_size() != size) {
    return absl::DataLossError("child row: an index page has columns of different lengths");
  }
  for (int i = 0; i < size; ++i) {
    entries.push_back({static_cast<int64_t>(page.position(i)), page.id_hash(i)});
  }
  return absl::OkStatus();
}

// In one go: looking for each would cost ten times as much.
absl::Status ReadPages(const ChildKey& child, uint32_t pages, const StoreReader& store,
                       store::v1::IndexPage& scratch, std::vector<History::Entry>& entries) {
  if (pages > kMaxEventsPerChild / kIndexPage) {
    return absl::DataLossError("child row: more index pages than a child can have");
  }
  entries.reserve(size_t{pages + 1} * kIndexPage);
  uint32_t read = 0;
  absl::Status result;
  const std::string first = keys::Page(child, 0);
  const absl::string_view of_child = absl::string_view(first).substr(0, 1 + ChildKey::kBytes);
  DOLEN_RETURN_IF_ERROR(
      store.Scan(of_child, first, [&](absl::string_view key, absl::string_view row) {
        if (read == pages || key != keys::Page(child, read)) return false;
        if (!scratch.ParseFromArray(row.data(), static_cast<int>(row.size()))) {
          result = absl::DataLossError("child row: a page cannot be parsed");
        } else {
          result = ReadEntries(scratch, /*closed=*/true, entries);
        }
        ++read;
        return result.ok();
      }));
  if (result.ok() && read < pages) {
    return absl::DataLossError(
        absl::StrCat("child row: index page ", read, " of ", pages, " is missing"));
  }
  return result;
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
  row_.set_untold(state.untold);
  row_.set_untold_away(state.untold_away);
  row_.set_recorded(Micros(state.recorded));
  row_.set_has_seals(state.has_seals);
  row_.set_figure_pages(state.figure_pages);
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
                               const StoreReader& store, ChildState& state) {
  DOLEN_ASSIGN_OR_RETURN(const RowFront front, ReadRowFront(row));
  if (!row_.ParseFromArray(row.data() + kFrontBytes, static_cast<int>(row.size() - kFrontBytes))) {
    return absl::DataLossError("child row: cannot be parsed");
  }
  NameReader names(row_.name());
  state.next_due = front.next_due;
  state.aside = row_.aside();
  state.alert_pages = row_.alert_pages();
  state.untold = row_.untold();
  state.untold_away = row_.untold_away();
  state.recorded = FromMicros(row_.recorded());
  state.has_seals = row_.has_seals();
  state.figure_pages = row_.figure_pages();
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
