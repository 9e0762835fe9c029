#include "engine/store/child_row.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/store/keys.h"

namespace dolen {
namespace {

constexpr size_t kFrontBytes = 12;

// The names of a row that is being written. They are views of the state's.
class NameWriter {
 public:
  explicit NameWriter(std::vector<absl::string_view>& names) : names_(names) { names_.clear(); }

  // The place of the name, which is added where it is new.
  uint32_t PlaceOf(absl::string_view name) {
    if (names_.size() > kFew) return PlaceAmongMany(name);
    for (size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return static_cast<uint32_t>(i);
    }
    names_.push_back(name);
    return static_cast<uint32_t>(names_.size() - 1);
  }

 private:
  static constexpr size_t kFew = 16;  // looking through so many is quicker than hashing

  uint32_t PlaceAmongMany(absl::string_view name) {
    if (places_.empty()) {
      for (size_t i = 0; i < names_.size(); ++i) places_.emplace(names_[i], i);
    }
    const auto [place, is_new] = places_.emplace(name, names_.size());
    if (is_new) names_.push_back(name);
    return place->second;
  }

  std::vector<absl::string_view>& names_;
  absl::flat_hash_map<absl::string_view, uint32_t> places_;  // where there are more than a few
};

// The names of a row that is being read.
class NameReader {
 public:
  explicit NameReader(const store::v1::ChildRow& row) : row_(row) {}

  const std::string& At(uint32_t place) {
    if (place < static_cast<uint32_t>(row_.name_size())) return row_.name(static_cast<int>(place));
    good_ = false;
    static const std::string* const kNone = new std::string;
    return *kNone;
  }
  bool good() const { return good_; }  // every place asked for was there

 private:
  const store::v1::ChildRow& row_;
  bool good_ = true;
};

// Steps are taken modulo 2^64, so that damaged ones lead somewhere and not into undefined
// behaviour.
int64_t Step(int64_t from, int64_t to) {
  return static_cast<int64_t>(static_cast<uint64_t>(to) - static_cast<uint64_t>(from));
}
int64_t Stepped(int64_t from, int64_t step) {
  return static_cast<int64_t>(static_cast<uint64_t>(from) + static_cast<uint64_t>(step));
}

int64_t SpanOf(const Moment& moment) { return absl::ToInt64Microseconds(moment.span); }

constexpr uint32_t kNoCalendar = 4;

void PutClock(const Clock& clock, const Books& books, NameWriter& names, store::v1::ChildRow& row) {
  row.add_clock(names.PlaceOf(books.families()[clock.family].id));
  row.add_clock(static_cast<uint32_t>(clock.matter));
  row.add_clock(static_cast<uint32_t>(clock.version + 1));
  row.add_clock(static_cast<uint32_t>(clock.closed_by) | (clock.no_calendar ? kNoCalendar : 0));
  row.add_clock(static_cast<uint32_t>(clock.parts.size()));
  if (clock.started()) {
    row.add_start(names.PlaceOf(clock.starter));
    row.add_start(names.PlaceOf(clock.backfill));
    const int64_t start = Micros(clock.start.from);
    row.add_time(start);
    row.add_time(SpanOf(clock.start));
    row.add_time(Step(start, Micros(clock.close.from)));
    row.add_time(SpanOf(clock.close));
    row.add_time(Step(start, Micros(clock.due)));
    for (const absl::Time level : clock.levels) row.add_time(Step(start, Micros(level)));
  }
  for (const Clock::Part& part : clock.parts) {
    row.add_part(static_cast<uint32_t>(part.version + 1));
    row.add_part(static_cast<uint32_t>(part.part));
    row.add_part_time(Micros(part.moment.from));
    row.add_part_time(SpanOf(part.moment));
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

// Takes the numbers of a column one after another.
template <typename Number>
class Column {
 public:
  explicit Column(const google::protobuf::RepeatedField<Number>& numbers) : numbers_(numbers) {}
  Number Next() {
    if (next_ < numbers_.size()) return numbers_.Get(next_++);
    good_ = false;
    return 0;
  }
  bool IsAtEnd() const { return next_ == numbers_.size(); }
  // Everything was taken, and no more.
  bool good() const { return good_ && IsAtEnd(); }

 private:
  const google::protobuf::RepeatedField<Number>& numbers_;
  int next_ = 0;
  bool good_ = true;
};

// Reads the clocks of a row.
class ClockReader {
 public:
  ClockReader(const store::v1::ChildRow& row, const Books& books, NameReader& names)
      : books_(books),
        names_(names),
        clock_(row.clock()),
        start_(row.start()),
        part_(row.part()),
        time_(row.time()),
        part_time_(row.part_time()) {}

  absl::Status Read(size_t matters, std::vector<Clock>& clocks) {
    size_t count = 0;
    for (; !clock_.IsAtEnd(); ++count) {
      if (clocks.size() == count) clocks.emplace_back();
      DOLEN_RETURN_IF_ERROR(Next(matters, clocks[count]));
    }
    clocks.resize(count);
    if (clock_.good() && start_.good() && part_.good() && time_.good() && part_time_.good()) {
      return absl::OkStatus();
    }
    return absl::DataLossError("child row: the columns of the clocks do not fit together");
  }

 private:
  absl::Status Next(size_t matters, Clock& clock) {
    const std::string& rule = names_.At(clock_.Next());
    const uint32_t matter = clock_.Next();
    const uint32_t version = clock_.Next();
    const uint32_t closed = clock_.Next();
    const uint32_t parts = clock_.Next();
    DOLEN_ASSIGN_OR_RETURN(const RuleFamily* const family, FamilyOf(rule, version, books_));
    if (matter >= matters) {
      return absl::DataLossError("child row: a clock names a matter that is not there");
    }
    if ((closed & ~kNoCalendar) > static_cast<uint32_t>(ClosedBy::kCancel)) {
      return absl::DataLossError("child row: a clock that was closed by nothing we know");
    }
    clock.family = static_cast<int>(family - books_.families().data());
    clock.matter = static_cast<int>(matter);
    clock.version = static_cast<int>(version) - 1;
    clock.closed_by = static_cast<ClosedBy>(closed & ~kNoCalendar);
    clock.no_calendar = (closed & kNoCalendar) != 0;
    ReadTimes(version == 0 ? 0 : family->versions[version - 1].rule.level_size(), clock);
    clock.parts.clear();
    for (uint32_t i = 0; i < parts && !part_.IsAtEnd(); ++i) {
      const int of_version = static_cast<int>(part_.Next()) - 1;
      const int part = static_cast<int>(part_.Next());
      const absl::Time from = FromMicros(part_time_.Next());
      clock.parts.push_back({of_version, part, {from, absl::Microseconds(part_time_.Next())}});
    }
    if (clock.parts.size() != parts) return absl::DataLossError("child row: a part is missing");
    return absl::OkStatus();
  }

  void ReadTimes(int levels, Clock& clock) {
    clock.levels.clear();
    clock.starter.clear();
    clock.backfill.clear();
    clock.start = clock.close = Moment();
    clock.due = absl::InfiniteFuture();
    if (!clock.started()) return;
    clock.starter = names_.At(start_.Next());
    clock.backfill = names_.At(start_.Next());
    const int64_t start = time_.Next();
    clock.start = {FromMicros(start), absl::Microseconds(time_.Next())};
    clock.close.from = FromMicros(Stepped(start, time_.Next()));
    clock.close.span = absl::Microseconds(time_.Next());
    clock.due = FromMicros(Stepped(start, time_.Next()));
    for (int i = 0; i < levels; ++i) {
      clock.levels.push_back(FromMicros(Stepped(start, time_.Next())));
    }
  }

  const Books& books_;
  NameReader& names_;
  Column<uint32_t> clock_, start_, part_;
  Column<int64_t> time_, part_time_;
};

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
  DOLEN_RETURN_IF_ERROR(FamilyOf(names.At(row.rule()), row.version(), books).status());
  if (row.version() == 0 || row.state() == 0 || !alert::v1::State_IsValid(row.state())) {
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

absl::Status ReadMatters(const store::v1::ChildRow& row, NameReader& names,
                         std::vector<Matter>& matters) {
  if (row.matter_size() != 3 * row.matter_id_size()) {
    return absl::DataLossError("child row: the columns of the matters do not fit together");
  }
  matters.resize(row.matter_id_size());
  Column<uint32_t> name(row.matter());
  for (int i = 0; i < row.matter_id_size(); ++i) {
    matters[i].id = row.matter_id(i);
    matters[i].agency = names.At(name.Next());
    matters[i].asker = names.At(name.Next());
    matters[i].asked = names.At(name.Next());
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
  for (const Matter& matter : state.picture.matters) {
    row_.add_matter_id(matter.id);
    row_.add_matter(names.PlaceOf(matter.agency));
    row_.add_matter(names.PlaceOf(matter.asker));
    row_.add_matter(names.PlaceOf(matter.asked));
  }
  for (const Clock& clock : state.picture.clocks) PutClock(clock, books, names, row_);
  for (const Told& told : state.alerts) PutTold(told, names, *row_.add_alert());
  for (const absl::string_view name : names_) row_.add_name(name.data(), name.size());
  row_.set_aside(state.aside);
  row.clear();
  row.reserve(kFrontBytes + row_.ByteSizeLong());
  row.append(keys::BigEndian(static_cast<uint64_t>(Micros(state.next_due)), 8));
  row.append(keys::BigEndian(state.picture.books, 4));
  row_.AppendToString(&row);
  return pages;
}

absl::Status ChildRows::Decode(const ChildKey& child, absl::string_view row, const Books& books,
                               const Store& store, ChildState& state) {
  DOLEN_ASSIGN_OR_RETURN(const RowFront front, ReadRowFront(row));
  if (!row_.ParseFromArray(row.data() + kFrontBytes, static_cast<int>(row.size() - kFrontBytes))) {
    return absl::DataLossError("child row: cannot be parsed");
  }
  NameReader names(row_);
  state.next_due = front.next_due;
  state.aside = row_.aside();
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
  DOLEN_RETURN_IF_ERROR(ReadMatters(row_, names, picture.matters));
  DOLEN_RETURN_IF_ERROR(
      ClockReader(row_, books, names).Read(picture.matters.size(), picture.clocks));
  state.alerts.resize(row_.alert_size());
  for (int i = 0; i < row_.alert_size(); ++i) {
    DOLEN_RETURN_IF_ERROR(ReadTold(row_.alert(i), books, names, state.alerts[i]));
  }
  if (!names.good()) return absl::DataLossError("child row: a name is missing");
  return absl::OkStatus();
}

}  // namespace dolen
