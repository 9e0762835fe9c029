// Words for tests that read like tables: events, books and histories in local time of London, and a
// Story, which tells them to a real fold and writes down what the fold says.
//
// In a table an instant is "2026-01-05 09:00" (London wall time) and a day "2026-01-05".
#ifndef DOLEN_TESTS_ENGINE_CHILD_STORY_H_
#define DOLEN_TESTS_ENGINE_CHILD_STORY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dolen/alert/v1/action.pb.h"
#include "dolen/event/v1/event.pb.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/child/event.h"
#include "engine/child/figures.h"
#include "engine/child/history.h"
#include "engine/child/picture.h"
#include "engine/pathway/books.h"
#include "engine/shard/fold.h"
#include "engine/store/store.h"

namespace dolen::story {

absl::TimeZone London();
const ledger::v1::Zone& LondonTable();
// A day is its 00:00. Fails the program on anything else.
absl::Time At(absl::string_view text);
// The inverse, always with a time: "2026-01-05 00:00"; "never".
std::string Text(absl::Time time);

// One event: `what` is a kind's name ("referral_made") or a milestone's. Said by "a" about the
// child's standing matter, unless told otherwise; its id is `what` and `occurred`.
class Said {
 public:
  Said(absl::string_view what, absl::string_view occurred);
  Said By(absl::string_view agency) &&;
  Said To(absl::string_view agency) &&;
  Said In(absl::string_view matter) &&;  // the matter that "a" names so
  Said Reason(absl::string_view code) &&;
  Said Id(absl::string_view id) &&;
  Said With(absl::string_view backfill) &&;
  Said Role(absl::string_view role) &&;
  Said Until(absl::string_view at) &&;
  Said Owner(absl::string_view owner) &&;
  Said Excusing(absl::string_view rule) &&;
  Said Continues(absl::string_view matter) &&;  // that "a" names so
  Said Occasion(absl::string_view id) &&;
  // A field with a code, or with a time in the words of a table.
  Said Code(absl::string_view name, absl::string_view code) &&;
  Said Stated(absl::string_view name, absl::string_view at) &&;
  // What it says stands in place of the event of this id, or voids it.
  Said Replacing(absl::string_view id) &&;
  static Said Voiding(absl::string_view id);

  event::v1::Open open;
  std::string backfill;
};

// A book in London's zone, with the agencies a, b, c and d (councils in Wales; "a" kind "police"),
// s in Scotland, the shipped calendars of Wales and Scotland, and `rules` in text format.
pathway::v1::Book BookOf(absl::string_view rules, absl::string_view version = "1");
// `fields` of one rule with id "R" that "a" must keep, with the level "overdue".
std::string Rule(absl::string_view fields);
// Published long before everything else.
Books BooksOf(absl::string_view rules);

// The picture of these events; fails the test if any order of arrival (of up to 5 events) ends in
// another one.
Picture PictureOf(const std::vector<Said>& said, const Books& books);
// Fails the test unless `left` is what Forget may leave of `whole`: all but clocks that have ended,
// and duties of matters that sleep.
void ExpectLeftOf(const Picture& left, const Picture& whole);
// Arrival in this order: one by one, as the fold does it.
Picture Arrive(const std::vector<Event>& events, const Books& books);
std::vector<Event> EventsOf(const std::vector<Said>& said);
// Of all clocks, by start: "R/standing overdue last 2025-12-30". `last` is the last day in time;
// clocks due within a day say "due 2026-03-30 04:00" instead.
std::vector<std::string> ClocksAt(const Picture& picture, const Books& books, absl::string_view at);
// "overdue from 2026-01-05 09:00 due 2026-01-13 00:00": of the only started clock, at a time;
// closed ones add "closed ...". "none" without one.
std::string ClockAt(const Picture& picture, absl::string_view at);

// Everything that is in a picture, a line for each piece: to be read where two differ.
std::string PictureText(const Picture& picture, const Books& books);

// As the second model writes what has ended with a child.
std::vector<std::string> FiguresText(const Figures& figures, const std::string& language);

// Hands a fold the next record of its ledger, as written at a time.
absl::Status TellFold(Fold& fold, absl::Time written, ledger::v1::Record record);

// Tells a fold, under stated time, and ticks at every instant at which somebody is due: after all
// that is told for that instant.
class Story {
 public:
  explicit Story(FoldOptions options = {});
  ~Story();

  Story& Publish(absl::string_view at, const pathway::v1::Book& book);
  Story& Hear(absl::string_view recorded, const Said& said, int child = 0);
  Story& BeginBackfill(absl::string_view at, absl::string_view name);
  Story& EndBackfill(absl::string_view at, absl::string_view name);
  // Somebody ("sian") does something with the last alert of this level.
  Story& Act(absl::string_view at, absl::string_view level, alert::v1::Action::Kind kind,
             absl::string_view until = "", absl::string_view to = "");
  Story& Act(absl::string_view at, const alert::v1::Action& action);
  alert::v1::Action ActionOn(absl::string_view level, alert::v1::Action::Kind kind);
  // A message of this agency came.
  Story& HearFrom(absl::string_view at, absl::string_view agency);
  // Time passes up to and with `at`.
  Story& Until(absl::string_view at);
  // A record as it is, without any tick before it.
  absl::Status Tell(absl::Time written, ledger::v1::Record record);
  absl::Status Tick(absl::Time at, int drains = 1000);
  // Closes the store after a commit and opens it again.
  void Reopen();

  // What was said of a child, one line each: "R overdue 2025-12-31 00:00". R raised, A amended,
  // E escalated, C cleared, W withdrawn, K acknowledged, S snoozed, G given to another, V settled.
  std::vector<std::string> told(int child = 0) const { return ToldOf(Child(child)); }
  std::vector<std::string> ToldOf(const ChildKey& subject) const;
  const std::vector<alert::v1::Alert>& alerts() const { return alerts_; }
  std::string ClockNow(absl::string_view at, int child = 0);
  std::vector<std::string> ClocksNow(absl::string_view at, int child = 0);
  // Whole, whatever was forgotten.
  const Picture& PictureOf(int child = 0);

  Fold& fold() { return *fold_; }
  Store& store() { return *store_; }
  static ChildKey Child(int number);
  static ledger::v1::Record RecordOf(const Said& said, const ChildKey& child);

 private:
  void TickBefore(absl::Time end);
  void Collect();

  const FoldOptions options_;
  std::string folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Fold> fold_;
  std::vector<alert::v1::Alert> alerts_;
  int actions_ = 0;
  Picture picture_;  // that was asked for last
};

}  // namespace dolen::story

#endif  // DOLEN_TESTS_ENGINE_CHILD_STORY_H_
