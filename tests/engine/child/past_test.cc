// The past: what was true at a time, on what was known by a time and could be known to an agency,
// is what a fresh fold of the events known then says. Generated histories go through the real fold,
// and for random times and agencies the events known then are chosen by a second definition,
// written here anew. Pictures are compared as the store writes them, byte for byte.
//
// DOLEN_PAST_WORLDS and DOLEN_PAST_SEED ask for longer or other runs.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/child/known.h"
#include "engine/child/visible.h"
#include "engine/store/facts.h"
#include "engine/store/picture_codec.h"
#include "tests/engine/child/dice.h"
#include "tests/engine/child/story.h"
#include "tests/engine/child/world.h"
#include "tests/engine/child/world_rich.h"

namespace dolen::story {
namespace {

constexpr int kChildren = 6;    // of one world
constexpr int kQuestions = 30;  // about each child
#ifdef NDEBUG
constexpr int64_t kWorlds = 40;  // of each sort
#else
constexpr int64_t kWorlds = 10;  // unoptimised code is ten times as slow
#endif
constexpr const char* kAgencies[] = {"a", "b", "s", "b:%", "stranger"};

int64_t Setting(const char* name, int64_t otherwise) {
  const char* text = getenv(name);
  int64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : otherwise;
}

// --- the second definition: which events were known

using Name = std::pair<std::string, std::string>;  // agency, event id
Name NameOf(const Event& event) { return {event.open.agency(), event.open.event_id()}; }
Name NamedBy(const Event& correction) {
  return {correction.open.corrects().agency(), correction.open.corrects().event_id()};
}
bool Corrects(const Event& event) { return event.open.has_corrects(); }
bool CorrectsOwn(const Event& event) {
  return Corrects(event) && event.open.corrects().agency() == event.open.agency();
}

// All names that are one event, as its own agency says.
std::set<Name> ChainOf(const Name& name, const std::vector<Event>& events) {
  std::set<Name> chain = {name};
  for (size_t before = 0; before != chain.size();) {
    before = chain.size();
    for (const Event& event : events) {
      if (!CorrectsOwn(event)) continue;
      if (chain.count(NameOf(event)) > 0) chain.insert(NamedBy(event));
      if (chain.count(NamedBy(event)) > 0) chain.insert(NameOf(event));
    }
  }
  return chain;
}

bool IsParty(const std::string& agency, const event::v1::Matter& matter,
             const std::vector<Event>& events) {
  return std::any_of(events.begin(), events.end(), [&](const Event& event) {
    if (event.open.matter().agency() != matter.agency()) return false;
    if (event.open.matter().id() != matter.id()) return false;
    if (Corrects(event) && (!CorrectsOwn(event) || event.open.corrects().voids())) return false;
    return agency == matter.agency() || agency == event.open.agency() ||
           agency == event.open.to_agency();
  });
}

bool Knows(const std::string& agency, const Event& event, const std::vector<Event>& events) {
  std::set<Name> names = {NameOf(event)};
  if (Corrects(event)) {
    for (size_t before = 0; before != names.size();) {
      before = names.size();
      for (const Name& name : std::set<Name>(names)) names.merge(ChainOf(name, events));
      for (const Event& one : events) {
        if (Corrects(one) && !CorrectsOwn(one) && names.count(NameOf(one)) > 0) {
          names.insert(NamedBy(one));
        }
      }
    }
  }
  return std::any_of(events.begin(), events.end(), [&](const Event& one) {
    return names.count(NameOf(one)) > 0 &&
           (agency == one.open.agency() || agency == one.open.to_agency() ||
            IsParty(agency, one.open.matter(), events));
  });
}

// When the event that this one belongs to happened, as far as `events` say.
absl::Time Happened(const Event& event, const std::vector<Event>& events, const Zone& zone) {
  const std::set<Name> chain = ChainOf(NameOf(event), events);
  const Event *original = nullptr, *last = nullptr;
  for (const Event& one : events) {
    if (chain.count(NameOf(one)) == 0) continue;
    if (!CorrectsOwn(one)) {
      original = &one;
    } else if (last == nullptr ||
               std::make_pair(FromTimestamp(last->open.published()), last->open.event_id()) <
                   std::make_pair(FromTimestamp(one.open.published()), one.open.event_id())) {
      last = &one;
    }
  }
  const Event* says = last;
  if (last == nullptr || (last->open.corrects().voids() && original != nullptr)) says = original;
  if (last == nullptr || !last->open.corrects().voids() || (original && !Corrects(*original))) {
    return MomentOf(says->open.occurred(), zone).from;
  }
  // Voided, and nobody knows what: all of it stands together.
  absl::Time first = absl::InfiniteFuture();
  for (const Event& one : events) {
    if (chain.count(NameOf(one)) == 0) continue;
    first = std::min(first, MomentOf(one.open.occurred(), zone).from);
  }
  return first;
}

std::vector<Event> KnownThen(const std::vector<Event>& all, const Past& past, const Zone& zone) {
  std::vector<Event> recorded, visible, happened;
  for (const Event& event : all) {
    if (event.recorded <= past.known_at) recorded.push_back(event);
  }
  for (const Event& event : recorded) {
    if (past.known_to.empty() || Knows(past.known_to, event, recorded)) visible.push_back(event);
  }
  for (const Event& event : visible) {
    if (Happened(event, visible, zone) <= past.as_of) happened.push_back(event);
  }
  return happened;
}

// --- comparing

// As the store writes it. What says when a picture must be drawn again is nothing that is true of
// the child.
std::string Bytes(Picture picture, const Books& books) {
  picture.awaited.clear();
  picture.has_voided = false;
  picture.corrected_to = absl::InfinitePast();
  std::vector<absl::string_view> names;
  NameWriter writer(names);
  store::v1::ChildRow row;
  PutPicture(picture, books, writer, row);
  for (const absl::string_view name : names) row.add_name(std::string(name));
  return row.SerializeAsString();
}

std::vector<std::string> Ids(const std::vector<Event>& events) {
  std::vector<std::string> ids;
  for (const Event& event : events) ids.push_back(event.open.event_id());
  return ids;
}

std::string QuestionText(const Past& past) {
  return absl::StrCat("as of ", Text(past.as_of), ", known to ", past.known_to, " at ",
                      Text(past.known_at));
}

std::string EventsText(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) {
    absl::StrAppend(&text, Text(event.recorded), " ", event.open.ShortDebugString(), "\n");
  }
  return text;
}

// The picture of a child as the fold had it when the time reached left `reached`.
struct Snapshot {
  absl::Time reached;
  int child;
  std::string bytes;
};

class PastTest : public testing::Test {
 protected:
  // Folds the world; keeps what was known at every time that the fold stood at.
  void Fold(const World& world, Story& story) {
    std::vector<Snapshot> now;
    for (const Step& step : world.steps) {
      const absl::Time before = story.fold().reached();
      const absl::Status told = story.Tell(step.written, step.record);
      ASSERT_TRUE(told.ok()) << told;
      if (story.fold().reached() != before) {
        std::move(now.begin(), now.end(), std::back_inserter(snapshots_));
      }
      now.clear();
      for (int child = 0; child < kChildren; ++child) {
        const Picture& picture = story.PictureOf(child);
        // After a publication a child is drawn again by the next tick.
        if (picture.books != story.fold().books().publications()) continue;
        now.push_back({story.fold().reached(), child, Bytes(picture, story.fold().books())});
      }
    }
    std::move(now.begin(), now.end(), std::back_inserter(snapshots_));
  }

  const Books& BooksAt(absl::Time known_at, Story& story) {
    auto known = books_.find(known_at);
    if (known == books_.end()) {
      absl::StatusOr<Books> books = BooksKnownAt(known_at, story.store());
      EXPECT_TRUE(books.ok()) << books.status();
      known = books_.emplace(known_at, *std::move(books)).first;
    }
    return known->second;
  }

  absl::Time SomeTime(const std::vector<Event>& events, const Zone& zone, bool recorded) {
    const Event& event = events[dice_.Below(static_cast<int64_t>(events.size()))];
    const Moment moment = event.MomentIn(zone);
    const absl::Time at = recorded ? event.recorded : dice_.Chance(80) ? moment.from : moment.to();
    return at + absl::Microseconds(dice_.From(-1, 1));
  }

  void Ask(const std::vector<Event>& events, Story& story) {
    Past past;
    if (dice_.Chance(70)) past.known_at = SomeTime(events, Zone(), /*recorded=*/true);
    const Books& books = BooksAt(past.known_at, story);
    if (dice_.Chance(60)) past.as_of = SomeTime(events, books.zone(), /*recorded=*/false);
    if (dice_.Chance(60)) past.known_to = dice_.One(kAgencies);
    const Known known = KnownIn(events, past, books);
    const std::vector<Event> naive = KnownThen(events, past, books.zone());
    ASSERT_EQ(Ids(known.events), Ids(naive)) << QuestionText(past) << "\n" << EventsText(events);
    const Picture fresh = Draw(naive, books);
    ASSERT_TRUE(Bytes(known.picture, books) == Bytes(fresh, books))
        << QuestionText(past) << "\n"
        << PictureText(known.picture, books) << "--- and not ---\n"
        << PictureText(fresh, books) << EventsText(events);
    ++seen_["question"];
    seen_["nothing known"] += naive.empty();
    seen_["not everything known"] += naive.size() < events.size();
    seen_["fewer books"] +=
        books.publications() < BooksAt(absl::InfiniteFuture(), story).publications();
    if (!past.known_to.empty()) {
      Past everybody = past;
      everybody.known_to.clear();
      const size_t all = KnownThen(events, everybody, books.zone()).size();
      seen_["a part visible"] += !naive.empty() && naive.size() < all;
      seen_["another picture for the agency"] +=
          Bytes(KnownIn(events, everybody, books).picture, books) != Bytes(fresh, books);
    }
    seen_["a correction dropped with its event"] +=
        std::any_of(events.begin(), events.end(), [&](const Event& event) {
          return CorrectsOwn(event) && event.recorded <= past.known_at && past.known_to.empty() &&
                 event.MomentIn(books.zone()).from <= past.as_of &&
                 std::none_of(naive.begin(), naive.end(),
                              [&](const Event& one) { return one.position == event.position; });
        });
    Arrived(past, naive, books);
    Later(past, events, known.events, books);
  }

  // As a fold takes them up one by one.
  void Arrived(const Past& past, std::vector<Event> naive, const Books& books) {
    const std::string drawn = Bytes(Draw(naive, books), books);
    std::sort(naive.begin(), naive.end(),
              [](const Event& a, const Event& b) { return a.position < b.position; });
    ASSERT_TRUE(Bytes(Arrive(naive, books), books) == drawn) << QuestionText(past);
  }

  // Whoever knows more has known what it knew.
  void Later(Past past, const std::vector<Event>& events, const std::vector<Event>& known,
             const Books& books) {
    past.as_of = past.known_at = absl::InfiniteFuture();
    const std::vector<std::string> later = Ids(KnownIn(events, past, books).events);
    const std::set<std::string> ids(later.begin(), later.end());
    for (const Event& event : known) {
      ASSERT_GT(ids.count(event.open.event_id()), 0) << event.open.ShortDebugString();
    }
  }

  void OneWorld(uint64_t seed, const World& world) {
    SCOPED_TRACE(absl::StrCat("DOLEN_PAST_SEED=", seed, " DOLEN_PAST_WORLDS=1"));
    dice_ = Dice(seed);
    snapshots_.clear();
    books_.clear();
    Story story;
    Fold(world, story);
    std::vector<std::vector<Event>> events;
    for (int child = 0; child < kChildren; ++child) {
      events.push_back(*story.fold().EventsOf(Story::Child(child)));
    }
    for (const Snapshot& snapshot : snapshots_) {
      Past past;
      past.known_at = snapshot.reached;
      const Books& books = BooksAt(past.known_at, story);
      const Known known = KnownIn(events[snapshot.child], past, books);
      ASSERT_TRUE(Bytes(known.picture, books) == snapshot.bytes)
          << "not what the fold had at " << Text(snapshot.reached) << "\n"
          << PictureText(known.picture, books) << EventsText(events[snapshot.child]);
      ++seen_["as the fold had it"];
    }
    for (const std::vector<Event>& its : events) {
      for (int i = 0; i < kQuestions && !its.empty() && !HasFailure(); ++i) Ask(its, story);
    }
  }

  void Worlds(World (*make)(uint64_t, int)) {
    const uint64_t seed = Setting("DOLEN_PAST_SEED", 1);
    const int64_t worlds = Setting("DOLEN_PAST_WORLDS", kWorlds);
    for (int64_t i = 0; i < worlds && !HasFailure(); ++i) {
      const uint64_t its = seed + static_cast<uint64_t>(i);
      OneWorld(its, make(its, kChildren));
    }
    for (const auto& [what, times] : seen_) {
      printf("%lld times: %s\n", static_cast<long long>(times), what.c_str());
    }
  }

  Dice dice_{1};
  std::vector<Snapshot> snapshots_;
  std::map<absl::Time, Books> books_;
  std::map<std::string, int64_t> seen_;
};

TEST_F(PastTest, EqualsAFreshFoldOfTheEventsKnownThen) {
  Worlds(MakeWorld);
  if (Setting("DOLEN_PAST_WORLDS", kWorlds) < kWorlds) return;
  for (const char* what : {"as the fold had it", "nothing known", "not everything known",
                           "fewer books", "a part visible", "another picture for the agency"}) {
    EXPECT_GT(seen_[what], 0) << what;
  }
}

TEST_F(PastTest, AlsoWithEverythingThatARuleCanSay) {
  Worlds(MakeRichWorld);
  if (Setting("DOLEN_PAST_WORLDS", kWorlds) < kWorlds) return;
  EXPECT_GT(seen_["a correction dropped with its event"], 0);
  EXPECT_GT(seen_["fewer books"], 0);
}

}  // namespace
}  // namespace dolen::story
