#include "engine/store/child_row.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/store/keys.h"

namespace dolen {
namespace {

constexpr size_t kFrontBytes = 12;

void PutMoment(const Moment& moment, store::v1::MomentRow& row) {
  row.set_from(Micros(moment.from));
  row.set_span(absl::ToInt64Microseconds(moment.span));
}

Moment MomentOf(const store::v1::MomentRow& row) {
  return {FromMicros(row.from()), absl::Microseconds(row.span())};
}

void PutClock(const Clock& clock, const Books& books, store::v1::ClockRow& row) {
  row.set_rule(books.families()[clock.family].id);
  row.set_matter(clock.matter);
  row.set_version(clock.version + 1);
  row.set_closed_by(static_cast<uint32_t>(clock.closed_by));
  row.set_no_calendar(clock.no_calendar);
  if (clock.started()) {
    PutMoment(clock.start, *row.mutable_start());
    if (!clock.close.IsNever()) PutMoment(clock.close, *row.mutable_close());
    if (clock.due != absl::InfiniteFuture()) row.set_due(Micros(clock.due));
    for (const absl::Time level : clock.levels) row.add_level(Micros(level));
    row.set_starter(clock.starter);
    row.set_backfill(clock.backfill);
  }
  for (const Clock::Part& part : clock.parts) {
    store::v1::PartRow& part_row = *row.add_part();
    part_row.set_version(part.version + 1);
    part_row.set_part(part.part);
    PutMoment(part.moment, *part_row.mutable_moment());
  }
}

// `version` from 1; 0: none in particular.
absl::StatusOr<const RuleFamily*> FamilyOf(const std::string& rule, uint32_t version,
                                           const Books& books) {
  const RuleFamily* family = books.FindFamily(rule);
  if (family != nullptr && version <= family->versions.size()) return family;
  return absl::DataLossError(
      absl::StrCat("child row: no version ", version, " of rule ", rule, " was ever published"));
}

absl::StatusOr<Clock> ClockOf(const store::v1::ClockRow& row, const Books& books) {
  DOLEN_ASSIGN_OR_RETURN(const RuleFamily* const family,
                         FamilyOf(row.rule(), row.version(), books));
  const bool started = row.version() > 0;
  const int levels = started ? family->versions[row.version() - 1].rule.level_size() : 0;
  if (row.has_start() != started || row.level_size() != levels ||
      row.closed_by() > static_cast<uint32_t>(ClosedBy::kCancel)) {
    return absl::DataLossError("child row: a clock does not fit its rule");
  }
  Clock clock;
  clock.family = static_cast<int>(family - books.families().data());
  clock.matter = row.matter();
  clock.version = static_cast<int>(row.version()) - 1;
  clock.closed_by = static_cast<ClosedBy>(row.closed_by());
  clock.no_calendar = row.no_calendar();
  if (row.has_start()) clock.start = MomentOf(row.start());
  if (row.has_close()) clock.close = MomentOf(row.close());
  if (row.has_due()) clock.due = FromMicros(row.due());
  for (const int64_t level : row.level()) clock.levels.push_back(FromMicros(level));
  clock.starter = row.starter();
  clock.backfill = row.backfill();
  for (const store::v1::PartRow& part : row.part()) {
    clock.parts.push_back({static_cast<int>(part.version()) - 1, static_cast<int>(part.part()),
                           MomentOf(part.moment())});
  }
  return clock;
}

void PutTold(const Told& told, store::v1::AlertRow& row) {
  row.set_clock(told.clock);
  row.set_level(told.level);
  row.set_rule(told.rule);
  row.set_version(told.version + 1);
  row.set_matter_agency(told.matter_agency);
  row.set_matter_id(told.matter_id);
  row.set_accountable(told.accountable);
  row.set_state(told.state);
  row.set_number(told.number);
  row.set_due(Micros(told.due));
  row.set_since(Micros(told.since));
}

absl::StatusOr<Told> ToldOf(const store::v1::AlertRow& row, const Books& books) {
  DOLEN_RETURN_IF_ERROR(FamilyOf(row.rule(), row.version(), books).status());
  if (row.version() == 0 || row.state() == 0 || !alert::v1::State_IsValid(row.state())) {
    return absl::DataLossError("child row: an alert that says nothing");
  }
  Told told;
  told.clock = row.clock();
  told.level = row.level();
  told.rule = row.rule();
  told.version = static_cast<int>(row.version()) - 1;
  told.matter_agency = row.matter_agency();
  told.matter_id = row.matter_id();
  told.accountable = row.accountable();
  told.state = static_cast<alert::v1::State>(row.state());
  told.number = row.number();
  told.due = FromMicros(row.due());
  told.since = FromMicros(row.since());
  return told;
}

void PutEntries(absl::Span<const History::Entry> entries, store::v1::IndexPage& page) {
  for (const History::Entry& entry : entries) {
    page.add_occurred(Micros(entry.occurred));
    page.add_position(entry.position);
    page.add_id_hash(entry.id_hash);
  }
}

absl::Status AddEntries(const store::v1::IndexPage& page, bool closed,
                        std::vector<History::Entry>& entries) {
  if (closed ? page.position_size() != kIndexPage : page.position_size() >= kIndexPage) {
    return absl::DataLossError("child row: an index page has the wrong number of entries");
  }
  if (page.occurred_size() != page.position_size() || page.occurred_size() != page.id_hash_size()) {
    return absl::DataLossError("child row: an index page has columns of different lengths");
  }
  for (int i = 0; i < page.occurred_size(); ++i) {
    entries.push_back(
        {FromMicros(page.occurred(i)), static_cast<int64_t>(page.position(i)), page.id_hash(i)});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RowFront> ReadRowFront(absl::string_view row) {
  if (row.size() < kFrontBytes) return absl::DataLossError("child row: shorter than its front");
  return RowFront{FromMicros(static_cast<int64_t>(keys::FromBigEndian(row.substr(0, 8)))),
                  static_cast<int>(keys::FromBigEndian(row.substr(8, 4)))};
}

uint32_t PutChild(const ChildKey& child, const ChildState& state, const Books& books,
                  uint32_t pages_written, store::v1::ChildRow& scratch, Batch& batch) {
  const absl::Span<const History::Entry> entries = state.history.entries();
  const uint32_t pages = static_cast<uint32_t>(entries.size() / kIndexPage);
  for (uint32_t page = pages_written; page < pages; ++page) {
    store::v1::IndexPage closed;
    PutEntries(entries.subspan(page * kIndexPage, kIndexPage), closed);
    batch.Put(keys::Page(child, page), closed.SerializeAsString());
  }
  scratch.Clear();
  scratch.set_pages(pages);
  PutEntries(entries.subspan(pages * kIndexPage), *scratch.mutable_index());
  const OrderKey& last = state.history.last();
  store::v1::OrderKey& last_row = *scratch.mutable_last();
  last_row.set_occurred(Micros(last.occurred));
  last_row.set_rank(last.rank);
  last_row.set_agency(last.agency);
  last_row.set_sequence(last.sequence);
  last_row.set_event_id(last.event_id);
  for (const Matter& matter : state.picture.matters) {
    store::v1::MatterRow& row = *scratch.add_matter();
    row.set_agency(matter.agency);
    row.set_id(matter.id);
    row.set_asker(matter.asker);
    row.set_asked(matter.asked);
  }
  for (const Clock& clock : state.picture.clocks) PutClock(clock, books, *scratch.add_clock());
  for (const Told& told : state.alerts) PutTold(told, *scratch.add_alert());
  scratch.set_aside(state.aside);
  std::string row = keys::BigEndian(static_cast<uint64_t>(Micros(state.next_due)), 8) +
                    keys::BigEndian(state.picture.books, 4);
  scratch.AppendToString(&row);
  batch.Put(keys::Child(child), row);
  return pages;
}

absl::StatusOr<ChildState> ReadChild(const ChildKey& child, absl::string_view row,
                                     const Books& books, const Store& store) {
  DOLEN_ASSIGN_OR_RETURN(const RowFront front, ReadRowFront(row));
  store::v1::ChildRow parsed;
  if (!parsed.ParseFromArray(row.data() + kFrontBytes,
                             static_cast<int>(row.size() - kFrontBytes))) {
    return absl::DataLossError("child row: cannot be parsed");
  }
  if (parsed.pages() > kMaxEventsPerChild / kIndexPage) {
    return absl::DataLossError("child row: more index pages than a child can have");
  }
  ChildState state;
  state.next_due = front.next_due;
  state.aside = parsed.aside();
  std::vector<History::Entry> entries;
  entries.reserve(parsed.pages() * kIndexPage + parsed.index().position_size() + 1);
  std::vector<std::string> page_keys;
  for (uint32_t page = 0; page < parsed.pages(); ++page)
    page_keys.push_back(keys::Page(child, page));
  if (!page_keys.empty()) {
    DOLEN_ASSIGN_OR_RETURN(const std::vector<std::string> pages, store.GetAll(page_keys));
    for (const std::string& bytes : pages) {
      store::v1::IndexPage page;
      if (!page.ParseFromString(bytes))
        return absl::DataLossError("child row: a page cannot be parsed");
      DOLEN_RETURN_IF_ERROR(AddEntries(page, /*closed=*/true, entries));
    }
  }
  DOLEN_RETURN_IF_ERROR(AddEntries(parsed.index(), /*closed=*/false, entries));
  const store::v1::OrderKey& last = parsed.last();
  state.history = History::Restore(std::move(entries),
                                   {FromMicros(last.occurred()), static_cast<int>(last.rank()),
                                    last.agency(), last.sequence(), last.event_id()});
  state.picture.books = front.books;
  for (const store::v1::MatterRow& matter : parsed.matter()) {
    state.picture.matters.push_back({matter.agency(), matter.id(), matter.asker(), matter.asked()});
  }
  for (const store::v1::ClockRow& clock_row : parsed.clock()) {
    DOLEN_ASSIGN_OR_RETURN(Clock clock, ClockOf(clock_row, books));
    if (clock_row.matter() >= state.picture.matters.size()) {
      return absl::DataLossError("child row: a clock names a matter that is not there");
    }
    state.picture.clocks.push_back(std::move(clock));
  }
  for (const store::v1::AlertRow& alert_row : parsed.alert()) {
    DOLEN_ASSIGN_OR_RETURN(Told told, ToldOf(alert_row, books));
    state.alerts.push_back(std::move(told));
  }
  return state;
}

}  // namespace dolen
