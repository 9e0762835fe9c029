// Two worlds that differ only in records which are sealed: whoever may not know of them gets the
// same answers in both, byte for byte, but for the positions, which count everybody's records.
//
// DOLEN_PAIRS (10,000 pairs of children in release builds) and DOLEN_PAIRS_SEED (1) ask for longer
// or other runs.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/deploy/api/reader_world.h"
#include "tests/engine/child/world.h"

namespace dolen {
namespace {

using story::Said;
using story::Step;

constexpr int kChildren = 20;  // of one pair of worlds
#ifdef NDEBUG
constexpr int64_t kPairs = 10'000;
#else
constexpr int64_t kPairs = 1000;
#endif

int64_t Setting(const char* name, int64_t otherwise) {
  const char* text = getenv(name);
  int64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : otherwise;
}

// What is sealed in the second world: said by "q" in matters of its own, sealed before, amid or
// after, of the kinds that start, stop and cancel the clocks of others.
class Hider {
 public:
  explicit Hider(uint64_t seed) : random_(seed) {}

  // Of one child, each with the step before which it is told.
  std::vector<std::pair<size_t, ledger::v1::Record>> RecordsOf(int child,
                                                               const std::vector<size_t>& steps,
                                                               const story::World& world) {
    std::vector<std::pair<size_t, ledger::v1::Record>> records;
    const int count = 1 + Below(4);
    for (int i = 0; i < count; ++i) {
      const size_t before = steps[Below(static_cast<int>(steps.size()))];
      records.emplace_back(before, RecordOf(Hidden(i, world.steps[before].written), child));
    }
    Said seal = In(Said("record_sealed", "2026-03-20 09:00").By("q").Id("seal"));
    records.emplace_back(steps[Below(static_cast<int>(steps.size()))], RecordOf(seal, child));
    return records;
  }

 private:
  int Below(int bound) { return static_cast<int>(random_() % bound); }

  static Said In(Said said) {
    said.open.mutable_matter()->set_agency("q");
    said.open.mutable_matter()->set_id("sealed");
    return said;
  }

  Said Hidden(int number, absl::Time around) {
    constexpr const char* kNames[] = {"m1",
                                      "m2",
                                      "m3",
                                      "m4",
                                      "referral_made",
                                      "referral_declined",
                                      "handover_completed",
                                      "cover_started"};
    Said said =
        In(Said(kNames[Below(8)], "2026-03-20 09:00").By("q").Id(absl::StrCat("hidden", number)));
    *said.open.mutable_occurred()->mutable_instant() =
        ToTimestamp(around - absl::Minutes(Below(60 * 24 * 3)));
    constexpr const char* kTo[] = {"", "a", "b", "s"};
    said.open.set_to_agency(kTo[Below(4)]);
    if (Below(4) == 0) said.open.set_family("a family");
    return said;
  }

  static ledger::v1::Record RecordOf(const Said& said, int child) {
    event::v1::Private hidden;
    hidden.set_text("what nobody may know");
    hidden.set_child_name("a new name");
    ledger::v1::Record record = story::Story::RecordOf(said, story::Story::Child(child));
    record.mutable_event()->set_private_(hidden.SerializeAsString());
    return record;
  }

  std::mt19937_64 random_;
};

// After a tick at every instant before at which somebody is due.
void Tell(ReaderWorld& world, absl::Time written, const ledger::v1::Record& record) {
  Fold& fold = world.story().fold();
  for (int ticks = 0; fold.first_due() < written; ++ticks) {
    ASSERT_LT(ticks, 1000) << "somebody stays due for ever";
    ASSERT_TRUE(world.story().Tick(std::max(fold.reached(), fold.first_due())).ok());
  }
  const absl::Status told = world.story().Tell(written, record);
  ASSERT_TRUE(told.ok()) << told;
}

// Without what counts everybody's records.
std::string Told(HttpResponse response) {
  std::string text = absl::StrCat(response.status, "\n");
  response.headers.erase("dolen-position");
  response.headers.erase("etag");
  for (const auto& [name, value] : response.headers) {
    absl::StrAppend(&text, name, ": ", value, "\n");
  }
  std::string body = response.body;
  for (size_t at = body.find("\"position\":\""); at != std::string::npos;
       at = body.find("\"position\":\"", at + 1)) {
    const size_t from = at + 12;
    body.erase(from, body.find('"', from) - from);
  }
  return text + body;
}

class Pair {
 public:
  explicit Pair(uint64_t seed) : made_(story::MakeWorld(seed, kChildren)), hider_(seed ^ 0x5ea1) {
    std::vector<std::vector<size_t>> steps(kChildren);
    for (size_t i = 0; i < made_.steps.size(); ++i) {
      if (made_.steps[i].what == Step::kEvent) steps[made_.steps[i].child].push_back(i);
    }
    std::vector<std::vector<ledger::v1::Record>> hidden(made_.steps.size());
    for (int child = 0; child < kChildren; ++child) {
      for (auto& [before, record] : hider_.RecordsOf(child, steps[child], made_)) {
        hidden[before].push_back(std::move(record));
      }
    }
    bool has_book = false;
    for (size_t i = 0; i < made_.steps.size(); ++i) {
      const Step& step = made_.steps[i];
      // Told again, all books count as they are now: so the pairs have one.
      const bool is_first_book = step.what == Step::kBook && !has_book;
      if (step.what != Step::kEvent && !is_first_book) continue;
      has_book |= is_first_book;
      for (const ledger::v1::Record& record : hidden[i]) Tell(with_, step.written, record);
      Tell(with_, step.written, step.record);
      Tell(without_, step.written, step.record);
    }
    const absl::Time end = made_.steps.back().written + absl::Hours(24 * 40);
    for (ReaderWorld* world : {&with_, &without_}) {
      Tell(*world, end,
           story::Story::RecordOf(Said("m1", "2026-05-01 09:00").Id("last"),
                                  story::Story::Child(kChildren)));
    }
  }

  void Compare() {
    for (const char* agency : {"a", "b", "s", "d"}) {
      const Reader reader{agency, {"team_lead"}, "supervision", "sian"};
      std::vector<std::string> targets = {
          "/v1/worklist?limit=5", "/v1/worklist?limit=200&whose=waiting", "/v1/alerts?limit=200"};
      for (int child = 0; child < kChildren; ++child) {
        const std::string page =
            absl::StrCat("/v1/children/", story::Story::Child(child).Hex(), "/timeline");
        targets.push_back(page);
        if (child % 4 == 0) targets.push_back(page + "?as_of=2026-04-01");
        if (child % 4 == 1) targets.push_back(page + "?known_at=2026-03-28");
      }
      for (const std::string& target : targets) {
        const std::string with = Told(with_.Get(reader, target));
        EXPECT_EQ(with, Told(without_.Get(reader, target))) << agency << " " << target;
        known_ += absl::StrContains(with, "\"clocks\":[{");
        if (testing::Test::HasFailure()) return;
      }
    }
    // The seal is no lock without a door: who sealed it reads it.
    const Reader sealer{"q"};
    for (int child = 0; child < kChildren; ++child) {
      const std::string page =
          absl::StrCat("/v1/children/", story::Story::Child(child).Hex(), "/timeline");
      EXPECT_TRUE(absl::StrContains(with_.Get(sealer, page).body, "what nobody may know"));
    }
  }

  int64_t known() const { return known_; }

 private:
  const story::World made_;
  Hider hider_;
  ReaderWorld with_, without_;
  int64_t known_ = 0;  // pages with clocks that were compared
};

TEST(PairedWorlds, WhatIsSealedChangesNoAnswerToOthers) {
  const int64_t pairs = Setting("DOLEN_PAIRS", kPairs);
  const int64_t first = Setting("DOLEN_PAIRS_SEED", 1);
  int64_t known = 0;
  for (int64_t done = 0; done < pairs; done += kChildren) {
    const int64_t seed = first + done / kChildren;
    Pair pair(seed);
    pair.Compare();
    known += pair.known();
    ASSERT_FALSE(HasFailure()) << "seed " << seed << ": DOLEN_PAIRS=" << kChildren
                               << " DOLEN_PAIRS_SEED=" << seed;
  }
  EXPECT_GT(known, pairs) << "most of what was compared showed nothing";
}

}  // namespace
}  // namespace dolen
