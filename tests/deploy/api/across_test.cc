// Questions across children: who holds whom, what is offered, and numbers.
#include <gtest/gtest.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "tests/deploy/api/reader_world.h"

namespace dolen {
namespace {

using story::Said;
using Json = nlohmann::json;

constexpr char kBook[] = R"(rule { id: "R"
  accountable: "asked" start { is: "handover_offered" or { is: "referral_made" } }
  stop { is: "handover_accepted" or { is: "seen" } }
  limit { allow { hours: 8 } } level { name: "overdue" } })";

class AcrossTest : public testing::Test {
 protected:
  AcrossTest() { world_.story().Publish("2026-01-01 08:00", story::BookOf(kBook)); }

  void Hear(const char* at, Said said, int child = 0) {
    world_.Hear(at, std::move(said).In("m"), child);
  }
  Json Items(const char* agency, const char* target) {
    const HttpResponse response = world_.Get({agency}, target);
    EXPECT_EQ(response.status, 200) << response.body;
    return Json::parse(response.body)["items"];
  }
  Json Numbers(const Reader& reader, const std::string& target) {
    const HttpResponse response = world_.Get(reader, target);
    EXPECT_EQ(response.status, 200) << response.body;
    return Json::parse(response.body);
  }

  ReaderWorld world_;
  const Reader lead_{"b", {"team_lead"}, "supervision"};
  const Reader analyst_{"board", {"board_analyst"}, "learning"};
};

TEST_F(AcrossTest, AnOfferIsOnBothListsUntilItIsAnswered) {
  Hear("2026-01-05 09:00", Said("handover_offered", "2026-01-05 09:00").By("a").To("b"));
  for (const char* const agency : {"a", "b"}) {
    const Json offers = Items(agency, "/v1/handovers?kind=offered");
    ASSERT_EQ(offers.size(), 1u) << agency;
    EXPECT_EQ(offers[0]["from"], "a");
    EXPECT_EQ(offers[0]["to"], "b");
    EXPECT_EQ(offers[0]["due"], "2026-01-05T17:00:00Z");
  }
  EXPECT_TRUE(Items("c", "/v1/handovers").empty());
  Hear("2026-01-05 10:00", Said("handover_accepted", "2026-01-05 10:00").By("b"));
  EXPECT_TRUE(Items("a", "/v1/handovers?kind=offered").empty());
  EXPECT_TRUE(Items("b", "/v1/handovers?kind=offered").empty());
}

TEST_F(AcrossTest, ADeclinedOrCancelledOfferWaitsForNobody) {
  for (const char* const end : {"handover_declined", "handover_cancelled"}) {
    const int child = end[9] == 'd' ? 1 : 2;
    Hear("2026-01-05 09:00", Said("handover_offered", "2026-01-05 09:00").By("a").To("b"), child);
    Hear("2026-01-05 10:00", Said(end, "2026-01-05 10:00").By(child == 1 ? "b" : "a"), child);
  }
  EXPECT_TRUE(Items("a", "/v1/handovers").empty());
  EXPECT_TRUE(Items("b", "/v1/handovers").empty());
}

TEST_F(AcrossTest, WhoHoldsAChildSeesThatTheyDoAndThatAnotherDoesToo) {
  Hear("2026-01-05 09:00", Said("handover_offered", "2026-01-05 09:00").By("a").To("b"));
  Hear("2026-01-05 10:00", Said("handover_completed", "2026-01-05 10:00").By("b"));
  Json holdings = Items("b", "/v1/holdings");
  ASSERT_EQ(holdings.size(), 1u);
  EXPECT_EQ(holdings[0]["since"], "2026-01-05T10:00:00Z");
  EXPECT_EQ(holdings[0]["by"], "handover");
  EXPECT_TRUE(Items("a", "/v1/holdings").empty());
  // Another, by a matter of its own.
  Said also = Said("handover_completed", "2026-01-06 10:00").By("c").To("c").Id("also");
  also.open.mutable_matter()->set_agency("d");
  also.open.mutable_matter()->set_id("n");
  also.open.set_agency("d");
  world_.Hear("2026-01-06 10:00", also, 0);
  const Json overlaps = Items("b", "/v1/handovers?kind=overlap");
  ASSERT_EQ(overlaps.size(), 1u);
  EXPECT_EQ(overlaps[0]["to"], "c");
  EXPECT_EQ(overlaps[0]["since"], "2026-01-06T10:00:00Z");
}

TEST_F(AcrossTest, ListsOfHandoversAreReadInPagesLongestWaitingFirst) {
  for (int child = 0; child < 7; ++child) {
    const std::string at = absl::StrCat("2026-01-05 09:0", child);
    world_.Hear(at, Said("handover_offered", at).By("a").To("b").In("m"), child);
  }
  std::vector<std::string> since;
  std::string cursor;
  do {
    const Json page =
        Json::parse(world_
                        .Get({"b"}, absl::StrCat("/v1/handovers?limit=3",
                                                 cursor.empty() ? "" : "&cursor=", cursor))
                        .body);
    for (const Json& item : page["items"]) since.push_back(item["since"]);
    cursor = page["next"].is_null() ? "" : page["next"].get<std::string>();
  } while (!cursor.empty());
  EXPECT_EQ(since.size(), 7u);
  EXPECT_TRUE(std::is_sorted(since.begin(), since.end()));
}

TEST_F(AcrossTest, AnAgencySeesItsOwnNumbersAsTheyAreAndNobodyElses) {
  for (int child = 0; child < 3; ++child) {
    Hear("2026-01-05 09:00", Said("referral_made", "2026-01-05 09:00").By("a").To("b"), child);
    Hear("2026-01-05 20:00",
         Said("seen", child == 0 ? "2026-01-05 19:00" : "2026-01-05 12:00").By("b"), child);
  }
  const Json delay = Numbers(lead_, "/v1/delay?from=2026-01&to=2026-01");
  EXPECT_EQ(delay["suppressed"], false);
  ASSERT_EQ(delay["rows"].size(), 1u);
  EXPECT_EQ(delay["rows"][0]["agency"], "b");
  EXPECT_EQ(delay["rows"][0]["month"], "2026-01");
  EXPECT_EQ(delay["rows"][0]["children"], 3);
  EXPECT_EQ(delay["rows"][0]["late"], 1);
  EXPECT_EQ(delay["rows"][0]["late_by_report"], 2) << "done in time, reported when it was overdue";
  EXPECT_EQ(delay["rows"][0]["minutes_late"], 120);
  EXPECT_EQ(delay["total"]["clocks"], 3);
  EXPECT_EQ(world_.Get(lead_, "/v1/delay?agency=a").status, 403);
  EXPECT_TRUE(Numbers({"a", {"team_lead"}, "supervision"}, "/v1/delay")["rows"].empty());
  const Json flow = Numbers({"a", {"team_lead"}, "supervision"}, "/v1/flow?to=2026-01");
  ASSERT_EQ(flow["rows"].size(), 1u);
  EXPECT_EQ(flow["rows"][0]["asks"], 3);
  const Json performance = Numbers(lead_, "/v1/performance?to=2026-01");
  EXPECT_EQ(performance["rows"][0]["in_time"], 2);
}

TEST_F(AcrossTest, ABoardSeesAllAgenciesAndNoSmallNumber) {
  for (int child = 0; child < 3; ++child) {
    Hear("2026-01-05 09:00", Said("referral_made", "2026-01-05 09:00").By("a").To("b"), child);
    Hear("2026-01-05 12:00", Said("seen", "2026-01-05 12:00").By("b"), child);
  }
  const Json delay = Numbers(analyst_, "/v1/delay?from=2026-01&to=2026-01");
  EXPECT_EQ(delay["suppressed"], true);
  for (const Json& row : delay["rows"]) {
    EXPECT_TRUE(row["children"] == "fewer than 5" || row["children"] == 5 || row["children"] == 0)
        << row;
    EXPECT_TRUE(row["minutes_late"].is_null());
  }
}

// A child that comes in each month stands in each, and once in all of them together.
TEST_F(AcrossTest, RowsAreAddedUpAndEachChildOnceInEachSum) {
  for (int month = 1; month <= 3; ++month) {
    const std::string day = absl::StrCat("2026-0", month, "-05");
    const std::string matter = absl::StrCat("m", month);
    for (int child = 0; child <= month; ++child) {
      world_.Hear(day + " 09:00", Said("referral_made", day + " 09:00").By("a").To("b").In(matter),
                  child);
    }
    for (int child = 0; child <= month; ++child) {
      const std::string seen = day + (child == 0 ? " 18:00" : " 10:00");
      world_.Hear(day + " 20:00", Said("seen", seen).By("b").In(matter), child);
    }
  }
  const Json delay = Numbers(lead_, "/v1/delay?from=2026-01&to=2026-03");
  ASSERT_EQ(delay["rows"].size(), 3u);
  ASSERT_EQ(delay["by_month"].size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    Json row = delay["rows"][i];
    for (const char* const key : {"agency", "rule", "title"}) row.erase(key);
    EXPECT_EQ(row, delay["by_month"][i]) << "there is one agency and one rule";
  }
  ASSERT_EQ(delay["by_rule"].size(), 1u);
  Json sum = delay["by_rule"][0];
  EXPECT_EQ(sum["rule"], "R");
  EXPECT_EQ(sum["clocks"], 2 + 3 + 4);
  EXPECT_EQ(sum["children"], 4);
  EXPECT_EQ(sum["late"], 3);
  EXPECT_EQ(sum["percent_in_time"], 67);
  for (const char* const key : {"rule", "title"}) sum.erase(key);
  EXPECT_EQ(sum, delay["total"]);
  const Json performance = Numbers(lead_, "/v1/performance?from=2026-01&to=2026-03");
  ASSERT_EQ(performance["by_language"].size(), 1u);
  EXPECT_EQ(performance["by_language"][0]["children"], 4);
  EXPECT_EQ(performance["total"]["percent_in_time"], 67);
  const Json flow = Numbers(lead_, "/v1/flow?from=2026-01&to=2026-03");
  EXPECT_EQ(flow["total"]["asks"], 9);
  EXPECT_EQ(flow["total"]["taken_on"].get<int>() + flow["total"]["unanswered"].get<int>(), 9);
}

TEST_F(AcrossTest, WhatIsSealedCountsNowhere) {
  for (int child = 0; child < 2; ++child) {
    Hear("2026-01-05 09:00", Said("referral_made", "2026-01-05 09:00").By("a").To("b"), child);
    Hear("2026-01-05 12:00", Said("seen", "2026-01-05 12:00").By("b"), child);
  }
  EXPECT_EQ(Numbers(lead_, "/v1/delay?to=2026-01")["total"]["children"], 2);
  Hear("2026-01-06 12:00", Said("record_sealed", "2026-01-06 12:00").By("b"), 1);
  EXPECT_EQ(Numbers(lead_, "/v1/delay?to=2026-01")["total"]["children"], 1)
      << "also for who sealed it";
}

// Drawing such a child tells its whole life again, for each agency that asks for any list.
TEST_F(AcrossTest, AChildWithASealIsDrawnAgainOnlyWhenSomethingOfItChanged) {
  const auto lists = [&](const char* agency) {
    return absl::StrCat(Items(agency, "/v1/worklist").dump(), Items(agency, "/v1/alerts").dump(),
                        Items(agency, "/v1/handovers").dump());
  };
  Hear("2026-01-05 09:00", Said("record_sealed", "2026-01-05 09:00").By("a"), 1);
  world_.Hear("2026-01-05 09:00",
              Said("referral_made", "2026-01-05 09:00").By("c").To("b").In("open"), 1);
  const std::string running = lists("b");
  EXPECT_EQ(Items("b", "/v1/worklist").size(), 1u);
  EXPECT_EQ(world_.api().sealed().drawn(), 1) << "for all lists, and again";
  Hear("2026-01-05 10:00", Said("referral_made", "2026-01-05 10:00").By("c").To("d"), 2);
  EXPECT_EQ(lists("b"), running);
  EXPECT_EQ(world_.api().sealed().drawn(), 1) << "another child is none of it";
  (void)lists("d");
  EXPECT_EQ(world_.api().sealed().drawn(), 2) << "another agency may know something else";
  Hear("2026-01-05 17:30", Said("referral_made", "2026-01-05 17:30").By("c").To("d"), 3);
  EXPECT_EQ(Items("b", "/v1/worklist")[0]["state"], "overdue");
  EXPECT_EQ(Items("b", "/v1/alerts").size(), 1u) << "its deadline came";
  EXPECT_EQ(world_.api().sealed().drawn(), 3);
  world_.Hear("2026-01-05 18:00", Said("seen", "2026-01-05 18:00").By("b").In("open"), 1);
  EXPECT_TRUE(Items("b", "/v1/worklist").empty());
  EXPECT_EQ(world_.api().sealed().drawn(), 4) << "and something was heard of it";
}

// What ends the clock is sealed, so that nothing of the child's own row says when it is late for
// whoever does not know.
TEST(SealedLists, WhatIsKeptEndsWithADeadlineThatOnlyItsReaderHas) {
  ReaderWorld world;
  world.story().Publish("2026-01-01 08:00", story::BookOf(R"(rule { id: "C" per: "child"
    accountable: "asked" start { is: "referral_made" } stop { is: "seen" }
    limit { allow { hours: 8 } } level { name: "overdue" } })"));
  const auto hear = [&](const char* at, Said said, const char* matter, int child) {
    world.Hear(at, std::move(said).In(matter), child);
  };
  hear("2026-01-05 08:30", Said("record_sealed", "2026-01-05 08:30").By("a"), "m", 1);
  hear("2026-01-05 09:00", Said("referral_made", "2026-01-05 09:00").By("c").To("b"), "open", 1);
  hear("2026-01-05 10:00", Said("seen", "2026-01-05 10:00").By("a"), "m", 1);
  const auto items = [&](const char* target) {
    return Json::parse(world.Get({"b"}, target).body)["items"];
  };
  ASSERT_EQ(items("/v1/worklist").size(), 1u);
  EXPECT_EQ(items("/v1/worklist")[0]["state"], "running");
  EXPECT_TRUE(items("/v1/alerts").empty());
  EXPECT_EQ(world.api().sealed().drawn(), 1);
  hear("2026-01-05 17:30", Said("referral_made", "2026-01-05 17:30").By("c").To("d"), "n", 2);
  EXPECT_EQ(items("/v1/worklist")[0]["state"], "overdue");
  EXPECT_EQ(items("/v1/alerts").size(), 1u);
  EXPECT_EQ(world.api().sealed().drawn(), 2);
}

TEST_F(AcrossTest, TablesComeForSpreadsheets) {
  Hear("2026-01-05 09:00", Said("handover_offered", "2026-01-05 09:00").By("a").To("b"));
  const HttpResponse table = world_.GetTable({"b"}, "/v1/handovers");
  EXPECT_EQ(table.content_type, "text/csv; charset=utf-8; header=present");
  const std::vector<std::string> lines = absl::StrSplit(table.body, "\r\n");
  EXPECT_EQ(lines[0], "kind,child,matter,part,from,to,since,due");
  EXPECT_EQ(lines[1].substr(0, 8), "offered,");
  EXPECT_EQ(world_.GetTable(analyst_, "/v1/flow").status, 200);
  EXPECT_EQ(world_.GetTable(analyst_, "/v1/performance").status, 200);
}

TEST_F(AcrossTest, SilenceSaysWhoWasHeardWhen) {
  world_.story().HearFrom("2026-01-05 09:00", "a");
  const Json silence = Numbers(lead_, "/v1/silence");
  ASSERT_EQ(silence["rows"].size(), 1u);
  EXPECT_EQ(silence["rows"][0]["agency"], "a");
  EXPECT_EQ(silence["rows"][0]["heard"], "2026-01-05T09:00:00Z");
  EXPECT_EQ(silence["rows"][0]["silent"], false);
}

}  // namespace
}  // namespace dolen
