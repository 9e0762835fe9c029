#include "tests/engine/child/story.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "deploy/zone_table.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "engine/pathway/book.h"
#include "engine/pathway/pattern.h"
#include "engine/pathway/zone_proto.h"
#include "google/protobuf/text_format.h"

namespace dolen::story {
namespace {

pathway::v1::Book Parse(const std::string& text) {
  pathway::v1::Book book;
  DOLEN_CHECK(google::protobuf::TextFormat::ParseFromString(text, &book));
  return book;
}

pathway::v1::Book Shipped(const std::string& path) {
  std::ifstream file(path);  // tests run in the repository's root
  std::stringstream text;
  text << file.rdbuf();
  return Parse(text.str());
}

Zone LondonZone() {
  absl::StatusOr<Zone> zone = ZoneFromProto(LondonTable());
  DOLEN_CHECK(zone.ok());
  return *std::move(zone);
}

}  // namespace

absl::TimeZone London() {
  absl::TimeZone zone;
  DOLEN_CHECK(absl::LoadTimeZone("Europe/London", &zone));
  return zone;
}

const ledger::v1::Zone& LondonTable() {
  static const auto* const table = new ledger::v1::Zone(MakeZoneTable(London(), 2000, 2040));
  return *table;
}

absl::Time At(absl::string_view text) {
  absl::Time time;
  DOLEN_CHECK(absl::ParseTime("%Y-%m-%d %H:%M:%E*S", text, London(), &time, nullptr) ||
              absl::ParseTime("%Y-%m-%d %H:%M", text, London(), &time, nullptr) ||
              absl::ParseTime("%Y-%m-%d", text, London(), &time, nullptr));
  return time;
}

std::string Text(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "never";
  const bool whole = absl::ToUnixMicros(time) % 60000000 == 0;
  return absl::FormatTime(whole ? "%Y-%m-%d %H:%M" : "%Y-%m-%d %H:%M:%E*S", time, London());
}

namespace {

event::v1::When WhenOf(absl::string_view text) {
  event::v1::When when;
  if (text.size() == 10) {
    when.set_day(std::string(text));
  } else {
    *when.mutable_instant() = ToTimestamp(At(text));
  }
  return when;
}

}  // namespace

Said::Said(absl::string_view what, absl::string_view occurred) {
  open.set_agency("a");
  open.set_event_id(absl::StrCat(what, "@", occurred));
  *open.mutable_occurred() = WhenOf(occurred);
  open.set_kind(KindOf(what));
  if (open.kind() == event::v1::KIND_UNSPECIFIED) {
    open.set_kind(event::v1::KIND_MILESTONE_REACHED);
    open.set_milestone(std::string(what));
  }
}

Said Said::By(absl::string_view agency) && {
  open.set_agency(std::string(agency));
  return std::move(*this);
}
Said Said::To(absl::string_view agency) && {
  open.set_to_agency(std::string(agency));
  return std::move(*this);
}
Said Said::In(absl::string_view matter) && {
  open.mutable_matter()->set_agency("a");
  open.mutable_matter()->set_id(std::string(matter));
  return std::move(*this);
}
Said Said::Reason(absl::string_view code) && {
  open.set_reason(std::string(code));
  return std::move(*this);
}
Said Said::Id(absl::string_view id) && {
  open.set_event_id(std::string(id));
  return std::move(*this);
}
Said Said::With(absl::string_view name) && {
  backfill = std::string(name);
  return std::move(*this);
}
Said Said::Role(absl::string_view role) && {
  open.set_role(std::string(role));
  return std::move(*this);
}
Said Said::Until(absl::string_view at) && {
  *open.mutable_until() = WhenOf(at);
  return std::move(*this);
}
Said Said::Owner(absl::string_view owner) && {
  open.set_owner(std::string(owner));
  return std::move(*this);
}
Said Said::Excusing(absl::string_view rule) && {
  open.set_rule(std::string(rule));
  return std::move(*this);
}
Said Said::Continues(absl::string_view matter) && {
  open.mutable_continues()->set_agency("a");
  open.mutable_continues()->set_id(std::string(matter));
  return std::move(*this);
}
Said Said::Occasion(absl::string_view id) && {
  open.set_occasion(std::string(id));
  return std::move(*this);
}
Said Said::Code(absl::string_view name, absl::string_view code) && {
  event::v1::Field& field = *open.add_fields();
  field.set_name(std::string(name));
  field.set_code(std::string(code));
  return std::move(*this);
}
Said Said::Stated(absl::string_view name, absl::string_view at) && {
  event::v1::Field& field = *open.add_fields();
  field.set_name(std::string(name));
  *field.mutable_when() = WhenOf(at);
  return std::move(*this);
}
Said Said::Replacing(absl::string_view id) && {
  event::v1::Correction& corrects = *open.mutable_corrects();
  corrects.set_agency(open.agency());
  corrects.set_event_id(std::string(id));
  corrects.set_kind(open.kind());
  corrects.set_milestone(open.milestone());
  open.set_kind(event::v1::KIND_CORRECTION);
  open.clear_milestone();
  open.set_event_id(absl::StrCat("correction of ", id, " to ", open.event_id()));
  return std::move(*this);
}
Said Said::Voiding(absl::string_view id) {
  Said said("correction", "2026-01-01");
  said.open.mutable_corrects()->set_agency("a");
  said.open.mutable_corrects()->set_event_id(std::string(id));
  said.open.mutable_corrects()->set_voids(true);
  said.open.set_event_id(absl::StrCat("void ", id));
  return said;
}

pathway::v1::Book BookOf(absl::string_view rules, absl::string_view version) {
  static const auto* const shipped =
      new pathway::v1::Book(Shipped("deploy/books/uk-calendars.textproto"));
  pathway::v1::Book book =
      Parse(absl::StrCat(R"(id: "test" version: ")", version, R"(" zone: "Europe/London"
         agency { id: "a" kind: "police" nation: "wales" }
         agency { id: "b" kind: "council" nation: "wales" }
         agency { id: "c" kind: "council" nation: "wales" }
         agency { id: "d" kind: "council" nation: "wales" }
         agency { id: "s" kind: "council" nation: "scotland" })",
                         rules));
  for (const pathway::v1::Calendar& calendar : shipped->calendar()) {
    if (calendar.nation() == "wales" || calendar.nation() == "scotland") {
      *book.add_calendar() = calendar;
    }
  }
  return book;
}

std::string Rule(absl::string_view fields) {
  return absl::StrCat(R"(rule { id: "R" accountable: "agency:a" level { name: "overdue" } )",
                      fields, " }");
}

Books BooksOf(absl::string_view rules) {
  Books books;
  const absl::Status added = books.Add(BookOf(rules), LondonZone(), At("2020-01-01"));
  EXPECT_TRUE(added.ok()) << added;
  return books;
}

std::vector<Event> EventsOf(const std::vector<Said>& said) {
  std::vector<Event> events;
  for (const Said& one : said) {
    Event event;
    event.open = one.open;
    event.backfill = one.backfill;
    event.recorded = At("2030-01-01");
    event.position = static_cast<int64_t>(events.size());
    events.push_back(std::move(event));
  }
  return events;
}

Picture Arrive(const std::vector<Event>& events, const Books& books) {
  History history;
  Picture picture;
  picture.books = books.publications();
  std::vector<Event> so_far;
  for (const Event& event : events) {
    so_far.push_back(event);
    if (history.Insert(event) == Placed::kAtEnd && Advance(event, books, picture)) continue;
    std::vector<Event> ordered = so_far;
    std::sort(ordered.begin(), ordered.end(),
              [](const Event& x, const Event& y) { return x.Order() < y.Order(); });
    picture = Draw(ordered, books);
  }
  return picture;
}

void ExpectLeftOf(const Picture& left, const Picture& whole) {
  const auto name_of = [](const Picture& picture, int matter) {
    return matter < 0 ? "" : picture.matters[matter].Name();
  };
  size_t found = 0;
  for (const Duty& duty : whole.duties) {
    const auto has_ended = [](const Clock& clock) {
      return clock.closed_by == ClosedBy::kStop || clock.closed_by == ClosedBy::kCancel;
    };
    const auto its = std::find_if(left.duties.begin(), left.duties.end(), [&](const Duty& one) {
      return one.family == duty.family && one.key == duty.key &&
             name_of(left, one.matter) == name_of(whole, duty.matter);
    });
    if (its == left.duties.end()) {
      EXPECT_FALSE(left.asleep.empty());
      EXPECT_TRUE(std::all_of(duty.clocks.begin(), duty.clocks.end(), has_ended));
      continue;
    }
    ++found;
    Duty mine = *its;  // as it would stand in the whole picture
    const auto place = [&](int matter) {
      const auto at = std::find_if(
          whole.matters.begin(), whole.matters.end(),
          [&](const Matter& one) { return one.Name() == left.matters[matter].Name(); });
      return static_cast<int>(at - whole.matters.begin());
    };
    for (Hit& hit : mine.hits) {
      if (hit.opening) hit.opening->matter = place(hit.opening->matter);
    }
    for (Clock& clock : mine.clocks) clock.matter = place(clock.matter);
    mine.matter = duty.matter;
    size_t kept = 0;
    for (const Clock& clock : duty.clocks) {
      if (kept < mine.clocks.size() && mine.clocks[kept] == clock) {
        ++kept;
      } else {
        EXPECT_TRUE(has_ended(clock)) << "forgotten too early, or changed";
      }
    }
    EXPECT_EQ(kept, mine.clocks.size()) << "clocks that are not in the whole picture";
    mine.clocks = duty.clocks;
    EXPECT_TRUE(mine == duty) << "what the duty has seen differs";
  }
  EXPECT_EQ(found, left.duties.size()) << "duties that are not in the whole picture";
  EXPECT_TRUE(left.holds.size() == whole.holds.size() && left.birth_month == whole.birth_month &&
              left.awaited == whole.awaited && left.has_voided == whole.has_voided &&
              left.corrected_to == whole.corrected_to);
}

Picture PictureOf(const std::vector<Said>& said, const Books& books) {
  const std::vector<Event> events = EventsOf(said);
  const Picture first = Arrive(events, books);
  std::vector<int> order(events.size());
  std::iota(order.begin(), order.end(), 0);
  while (events.size() <= 5 && std::next_permutation(order.begin(), order.end())) {
    std::vector<Event> arrived;
    for (const int i : order) arrived.push_back(events[i]);
    EXPECT_EQ(Arrive(arrived, books), first) << "arrival in another order";
  }
  return first;
}

std::string ClockAt(const Picture& picture, absl::string_view at) {
  std::string text;
  ForEachClock(picture, [&](const Duty&, const Clock& clock) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", StateName(StateAt(clock, At(at))), " from ",
                    Text(clock.start.from));
    if (clock.due != absl::InfiniteFuture()) absl::StrAppend(&text, " due ", Text(clock.due));
    if (!clock.close.IsNever()) absl::StrAppend(&text, " closed ", Text(clock.close.from));
  });
  return text.empty() ? "none" : text;
}

std::vector<std::string> ClocksAt(const Picture& picture, const Books& books,
                                  absl::string_view at) {
  std::vector<std::pair<absl::Time, std::string>> lines;
  ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
    std::string name = ClockName(picture, duty, clock, books);
    if (clock.root != 0) name = absl::StrCat(name.substr(0, name.size() - 16), "*");
    std::string line = absl::StrCat(name, " ", StateName(StateAt(clock, At(at))));
    if (clock.due != absl::InfiniteFuture()) {
      const std::string due = Text(clock.due);
      const bool midnight = due.substr(10) == " 00:00";
      absl::StrAppend(&line, midnight ? " last " : " due ",
                      midnight ? Text(clock.due - absl::Minutes(1)).substr(0, 10) : due);
    }
    if (clock.closed_by == ClosedBy::kVoided) absl::StrAppend(&line, " voided");
    lines.emplace_back(clock.start.from, std::move(line));
  });
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> texts;
  for (auto& [start, line] : lines) texts.push_back(std::move(line));
  return texts;
}

std::string PictureText(const Picture& picture, const Books& books) {
  std::string text;
  for (const Matter& matter : picture.matters) {
    absl::StrAppend(&text, "matter ", matter.Name(), " after ", matter.continues_agency, ":",
                    matter.continues_id, "\n");
    for (const Ask& ask : matter.asks) {
      absl::StrAppend(&text, "  ", Text(ask.at.at), " ", ask.asker, " asks ", ask.asked, "\n");
    }
  }
  for (const Duty& duty : picture.duties) {
    absl::StrAppend(&text, "duty ", books.families()[duty.family].id, " ", duty.matter, " ",
                    duty.key, duty.is_partial ? " partial" : "", "\n");
    for (const Clock& clock : duty.clocks) {
      absl::StrAppend(&text, "  clock ", ClockName(picture, duty, clock, books), " v",
                      clock.version, " ", Text(clock.start.from), " due ", Text(clock.due),
                      " closed ", Text(clock.close.from), " by ", static_cast<int>(clock.closed_by),
                      clock.settled ? " settled" : "", " breached ", Text(clock.breached_at),
                      " starter ", clock.starter, " matter ", clock.matter, "\n");
    }
    for (const Hit& hit : duty.hits) {
      absl::StrAppend(&text, "  hit v", hit.version, " use ", hit.use, " ", Text(hit.moment.from),
                      " root ", absl::Hex(hit.root), " ", hit.cause, "\n");
    }
    for (const Exception& one : duty.exceptions) {
      absl::StrAppend(&text, "  exception v", one.version, " ", Text(one.moment.from), "\n");
    }
    for (const Came& one : duty.came) {
      absl::StrAppend(&text, "  came v", one.version, " use ", one.use, " ", Text(one.from), "\n");
    }
    for (const Cursor& one : duty.cursors) {
      absl::StrAppend(&text, "  cursor v", one.version, one.done ? " done" : "", " after ",
                      absl::FormatTime(one.after, London()), " breached ", Text(one.breached),
                      "\n");
    }
    for (const uint64_t one : duty.occasions) {
      absl::StrAppend(&text, "  occasion ", absl::Hex(one), "\n");
    }
  }
  for (const Acting& one : picture.acting) {
    absl::StrAppend(&text, "acting ", one.party, " ", one.agency, " in ", one.matter, " from ",
                    Text(one.from.at), "\n");
  }
  for (const Hold& one : picture.holds) {
    absl::StrAppend(&text, "hold ", one.part, " ", one.agency, " ", Text(one.from.at), " to ",
                    Text(one.to.at), "\n");
  }
  for (const uint64_t one : picture.awaited) {
    absl::StrAppend(&text, "awaited ", absl::Hex(one), "\n");
  }
  absl::StrAppend(&text, "born ", picture.birth_month, picture.has_voided ? " voided" : "",
                  " corrected to ", absl::FormatTime(picture.corrected_to, London()), "\n");
  return text;
}

Story::Story(FoldOptions options)
    : options_(std::move(options)), folder_(testing::TempDir() + "/dolen-story-XXXXXX") {
  DOLEN_CHECK(mkdtemp(folder_.data()) != nullptr);
  Reopen();
  EXPECT_TRUE(Tell(At("2020-01-01"), FirstRecord()).ok());
  ledger::v1::Record first;
  first.mutable_fact()->set_time_counts(ledger::v1::TIME_COUNTS_STATED);
  const absl::Status told = Tell(At("2020-01-01"), first);
  EXPECT_TRUE(told.ok()) << told;
}

Story::~Story() {
  fold_ = nullptr;
  store_ = nullptr;
  std::filesystem::remove_all(folder_);
}

void Story::Reopen() {
  if (fold_ != nullptr) Collect();
  fold_ = nullptr;
  store_ = nullptr;
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(folder_);
  DOLEN_CHECK(store.ok());
  store_ = *std::move(store);
  absl::StatusOr<std::unique_ptr<Fold>> fold = Fold::Open(store_.get(), options_);
  DOLEN_CHECK(fold.ok());
  fold_ = *std::move(fold);
  // The outbox is read again; what was collected from it is known already.
  for (const Outgoing& change : fold_->TakeOutgoing()) {
    if (change.number <= alerts_.size()) continue;
    DOLEN_CHECK(alerts_.emplace_back().ParseFromString(change.bytes));
  }
}

void Story::Collect() {
  const absl::Status committed = fold_->Commit();
  EXPECT_TRUE(committed.ok()) << committed;
  for (const Outgoing& change : fold_->TakeOutgoing()) {
    DOLEN_CHECK(alerts_.emplace_back().ParseFromString(change.bytes));
    EXPECT_EQ(change.number, alerts_.size()) << "numbers within the shard are consecutive";
  }
}

absl::Status Story::Tell(absl::Time written, ledger::v1::Record record) {
  record.set_written(Micros(written));
  const std::string bytes = record.SerializeAsString();
  Entry entry;
  entry.offset = fold_->next_offset();
  entry.appended = written;
  entry.value = bytes;
  const absl::Status applied = fold_->Apply(entry);
  if (applied.ok()) Collect();
  return applied;
}

absl::Status Story::Tick(absl::Time at, int drains) {
  ledger::v1::Record record;
  record.mutable_tick()->set_drains(drains);
  return Tell(at, record);
}

void Story::TickBefore(absl::Time end) {
  for (int ticks = 0; fold_->first_due() < end; ++ticks) {
    ASSERT_LT(ticks, 1000) << "somebody stays due for ever";
    const absl::Status told = Tick(std::max(fold_->reached(), fold_->first_due()));
    ASSERT_TRUE(told.ok()) << told;
  }
}

Story& Story::Publish(absl::string_view at, const pathway::v1::Book& book) {
  TickBefore(At(at));
  ledger::v1::Record record;
  record.mutable_book()->set_book(book.SerializeAsString());
  *record.mutable_book()->mutable_zone() = LondonTable();
  const int before = fold_->books().publications();
  const absl::Status told = Tell(At(at), record);
  EXPECT_TRUE(told.ok()) << told;
  EXPECT_EQ(fold_->books().publications(), before + 1) << "the book was refused";
  return *this;
}

ChildKey Story::Child(int number) {
  std::string bytes(ChildKey::kBytes, '\0');
  bytes[13] = static_cast<char>(number >> 16);
  bytes[14] = static_cast<char>(number >> 8);
  bytes[15] = static_cast<char>(number);
  ChildKey key;
  DOLEN_CHECK(ChildKey::FromBytes(bytes, key));
  return key;
}

ledger::v1::Record Story::RecordOf(const Said& said, const ChildKey& child) {
  ledger::v1::Record record;
  ledger::v1::AgencyEvent& event = *record.mutable_event();
  event.set_open(said.open.SerializeAsString());
  event.set_digest(event.open());
  event.set_agency(said.open.agency());
  event.set_child(std::string(child.bytes()));
  event.set_backfill(said.backfill);
  return record;
}

Story& Story::Hear(absl::string_view recorded, const Said& said, int child) {
  TickBefore(At(recorded));
  // Corrections are put in order by when they were sent.
  Said sent = said;
  if (!sent.open.has_published()) *sent.open.mutable_published() = ToTimestamp(At(recorded));
  const absl::Status told = Tell(At(recorded), RecordOf(sent, Child(child)));
  EXPECT_TRUE(told.ok()) << told;
  return *this;
}

Story& Story::BeginBackfill(absl::string_view at, absl::string_view name) {
  TickBefore(At(at));
  ledger::v1::Record record;
  record.mutable_fact()->set_backfill_begun(std::string(name));
  EXPECT_TRUE(Tell(At(at), record).ok());
  return *this;
}

Story& Story::EndBackfill(absl::string_view at, absl::string_view name) {
  TickBefore(At(at));
  ledger::v1::Record record;
  record.mutable_fact()->set_backfill_ended(std::string(name));
  EXPECT_TRUE(Tell(At(at), record).ok());
  return *this;
}

Story& Story::Until(absl::string_view at) {
  TickBefore(At(at) + absl::Microseconds(1));
  return *this;
}

std::vector<std::string> Story::told(int child) const {
  std::vector<std::string> lines;
  for (const alert::v1::Alert& alert : alerts_) {
    if (alert.child() != Child(child).Hex()) continue;
    lines.push_back(absl::StrCat(std::string(1, "?RAKECW"[alert.state()]), " ", alert.level(), " ",
                                 Text(FromTimestamp(alert.at()))));
  }
  return lines;
}

const Picture& Story::PictureOf(int child) {
  absl::StatusOr<const ChildState*> state = fold_->Find(Child(child));
  DOLEN_CHECK(state.ok());
  picture_ = (*state)->picture;
  // With books that it is still to be drawn with by a tick, it stays as it is.
  if (picture_.books != fold_->books().publications()) return picture_;
  absl::StatusOr<std::vector<Event>> events = fold_->EventsOf(Child(child));
  DOLEN_CHECK(events.ok());
  const Picture left = std::exchange(picture_, Draw(*events, fold_->books()));
  ExpectLeftOf(left, picture_);
  return picture_;
}

std::vector<std::string> Story::ClocksNow(absl::string_view at, int child) {
  return ClocksAt(PictureOf(child), fold_->books(), at);
}

std::string Story::ClockNow(absl::string_view at, int child) {
  return ClockAt(PictureOf(child), at);
}

}  // namespace dolen::story
