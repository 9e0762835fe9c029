// The read API question by question: pages, cursors, forms, positions, and the record of reads.
#include "deploy/api/api.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/audit/audit_log.h"
#include "nlohmann/json.hpp"
#include "projections/table/csv.h"
#include "tests/deploy/api/reader_world.h"

namespace dolen {
namespace {

using story::Said;
using Json = nlohmann::json;

constexpr char kBook[] = R"(
  accountable: "asked" start { is: "referral_made" } stop { is: "seen" }
  limit { allow { hours: 8 } } level { name: "overdue" })";

class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    world_.story().Publish("2026-01-01 08:00",
                           story::BookOf(absl::StrCat("rule { id: \"R\" ", kBook, " }")));
  }

  // So many children whose referral to "b" is open, made a minute after each other.
  void Refer(int children) {
    for (int child = 0; child < children; ++child) {
      const std::string at = absl::StrCat("2026-01-05 09:", child / 10 % 6, child % 10);
      world_.Hear(at, Said("referral_made", at).By("a").To("b").In("m"), child, "written");
    }
  }
  Json Body(const HttpResponse& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    return Json::parse(response.body, nullptr, false);
  }
  std::string Page(int child) {
    return absl::StrCat("/v1/children/", story::Story::Child(child).Hex(), "/timeline");
  }

  ReaderWorld world_;
  const Reader reader_{"b"};
};

TEST_F(ApiTest, PagesOfAListAreTheListWhileEventsArrive) {
  Refer(25);
  std::set<std::string> seen;
  std::string cursor;
  std::string last_due;
  int pages = 0;
  do {
    const Json page = Body(world_.Get(
        reader_, absl::StrCat("/v1/worklist?limit=4", cursor.empty() ? "" : "&cursor=", cursor)));
    for (const Json& item : page["items"]) {
      EXPECT_TRUE(seen.insert(item["child"]).second) << "twice";
      EXPECT_GE(item["due"].get<std::string>(), last_due);
      last_due = item["due"];
    }
    cursor = page["next"].is_null() ? "" : page["next"].get<std::string>();
    // Another child arrives behind where we read, and one that we have read goes.
    const std::string at = absl::StrCat("2026-01-05 10:0", pages);
    world_.Hear(at, Said("seen", at).By("b").In("m"), pages);
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(seen.size(), 25u);
}

TEST_F(ApiTest, ACursorIsOfUseOnlyForItsQuestionAndItsReader) {
  Refer(5);
  const std::string cursor =
      Body(world_.Get(reader_, "/v1/worklist?limit=2"))["next"].get<std::string>();
  EXPECT_EQ(world_.Get(reader_, "/v1/worklist?limit=2&cursor=" + cursor).status, 200);
  EXPECT_EQ(world_.Get(reader_, "/v1/alerts?limit=2&cursor=" + cursor).status, 400);
  EXPECT_EQ(world_.Get(reader_, "/v1/worklist?rule=R&cursor=" + cursor).status, 400);
  EXPECT_EQ(world_
                .Get({"b", {"practitioner"}, "direct_work", "rhys"},
                     "/v1/worklist?limit=2&cursor=" + cursor)
                .status,
            400);
  std::string forged = cursor;
  forged[4] = forged[4] == 'A' ? 'B' : 'A';
  EXPECT_EQ(world_.Get(reader_, "/v1/worklist?limit=2&cursor=" + forged).status, 400);
}

TEST_F(ApiTest, AnswersSayHowFarTheyAreTrueAndWaitForMore) {
  Refer(1);
  const Json list = Body(world_.Get(reader_, "/v1/worklist"));
  const std::string position = list["position"];
  EXPECT_EQ(world_.Get(reader_, "/v1/worklist?min_position=" + position).status, 200);
  EXPECT_EQ(world_.Get(reader_, "/v1/worklist?min_position=1000000").status, 503);
  EXPECT_EQ(world_.Get(reader_, "/v1/worklist?min_position=1.2").status, 400);
  EXPECT_EQ(world_.Get(reader_, "/v1/worklist?min_position=heron").status, 400);
}

TEST_F(ApiTest, TheWorklistSaysWhatIsToBeDoneAndForWhom) {
  Refer(1);
  world_.story().Until("2026-01-05 18:00");
  const Json item = Body(world_.Get(reader_, "/v1/worklist"))["items"][0];
  EXPECT_EQ(item["accountable"], "b");
  EXPECT_EQ(item["asker"], "a");
  EXPECT_EQ(item["state"], "overdue");
  EXPECT_EQ(item["matter"], "a:m");
  EXPECT_EQ(item["due"], "2026-01-05T17:00:00Z");
  EXPECT_EQ(item["alert"]["level"], "overdue");
  const Json waiting = Body(world_.Get({"a"}, "/v1/worklist?whose=waiting"))["items"];
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0]["clock"], item["clock"]);
  EXPECT_TRUE(Body(world_.Get({"a"}, "/v1/worklist"))["items"].empty());
  EXPECT_TRUE(Body(world_.Get(reader_, "/v1/worklist?state=paused"))["items"].empty());
  EXPECT_EQ(world_.Get(reader_, "/v1/worklist?state=late").status, 400);
}

TEST_F(ApiTest, AnOpenPartIsAllThatWhoeverWasAskedMayReadOfOthers) {
  world_.Hear("2026-01-05 09:00", Said("referral_made", "2026-01-05 09:00").By("a").To("b").In("m"),
              0, "for b");
  world_.Hear("2026-01-05 10:00", Said("home_visited", "2026-01-05 10:00").By("c").In("m"), 0,
              "not for b yet");
  const auto visit_of = [&] {
    const Json page = Body(world_.Get(reader_, Page(0)));
    for (const Json& event : page["events"]) {
      if (event["event"] == "home_visited") return event;
    }
    return Json();
  };
  EXPECT_EQ(visit_of()["extent"], "open_part");
  EXPECT_TRUE(visit_of()["private"].is_null());
  world_.Hear("2026-01-05 11:00", Said("referral_accepted", "2026-01-05 11:00").By("b").In("m"), 0);
  EXPECT_EQ(visit_of()["extent"], "whole");
  EXPECT_EQ(visit_of()["private"]["text"], "not for b yet");
}

TEST_F(ApiTest, ATimelineIsReadInPages) {
  for (int i = 0; i < 7; ++i) {
    const std::string at = absl::StrCat("2026-01-0", i + 1, " 09:00");
    world_.Hear(at, Said("home_visited", at).By("b").In("m"), 0);
  }
  std::vector<std::string> occurred;
  std::string cursor;
  do {
    const Json page = Body(world_.Get(
        reader_, absl::StrCat(Page(0), "?limit=3", cursor.empty() ? "" : "&cursor=", cursor)));
    for (const Json& event : page["events"]) occurred.push_back(event["occurred"]);
    cursor = page["next"].is_null() ? "" : page["next"].get<std::string>();
  } while (!cursor.empty());
  EXPECT_EQ(occurred.size(), 7u);
  EXPECT_TRUE(std::is_sorted(occurred.begin(), occurred.end()));
}

TEST_F(ApiTest, ATableForSpreadsheetsIsAskedForByAccept) {
  EXPECT_EQ(CsvLine({"a", "b,c", "say \"d\"", "", "=1+1"}),
            "a,\"b,c\",\"say \"\"d\"\"\",,'=1+1\r\n");
  HttpRequest request;
  request.headers["accept"] = "text/csv";
  EXPECT_EQ(*FormOf(request), Form::kCsv);
  request.headers["accept"] = "text/html, application/json;q=0.9, */*;q=0.1";
  EXPECT_EQ(*FormOf(request), Form::kJson);
  request.headers["accept"] = "application/json;q=0, text/*";
  EXPECT_EQ(*FormOf(request), Form::kCsv);
  request.headers["accept"] = "image/png";
  EXPECT_EQ(FormOf(request).status().code(), absl::StatusCode::kUnimplemented);
}

TEST_F(ApiTest, EveryReadIsOnRecordAndTheChainHolds) {
  Refer(2);
  (void)world_.Get(reader_, "/v1/worklist");
  (void)world_.Get(reader_, Page(1));
  (void)world_.Get({"d"}, Page(1));  // nobody of theirs is party to it
  (void)world_.Get({"b", {"operator"}, "operations"}, Page(1));
  std::vector<audit::v1::Read> reads;
  const absl::StatusOr<AuditReport> report = VerifyAudit(
      world_.log(), TopicNames(), {}, [&](const audit::v1::Read& read) { reads.push_back(read); });
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(reads.size(), 4u);
  EXPECT_EQ(reads[0].what(), "GET /v1/worklist");
  EXPECT_EQ(reads[0].child_size(), 2);
  EXPECT_EQ(reads[1].what(), "GET /v1/children/{child}/timeline");
  EXPECT_EQ(reads[1].extent(), audit::v1::Read::EXTENT_WHOLE);
  EXPECT_EQ(reads[2].extent(), audit::v1::Read::EXTENT_NOTHING);
  EXPECT_EQ(reads[2].child(0), story::Story::Child(1).Hex()) << "also where they saw nothing";
  EXPECT_EQ(reads[3].extent(), audit::v1::Read::EXTENT_NOTHING);
  const Json seen = Body(
      world_.Get({"b", {"team_lead"}, "subject_request"},
                 absl::StrCat("/v1/children/", story::Story::Child(1).Hex(), "/readers?limit=2")));
  EXPECT_EQ(seen["items"].size(), 2u);
  EXPECT_EQ(seen["items"][0]["number"], 4) << "the newest first";
  EXPECT_FALSE(seen["next"].is_null());
}

// Found by schemathesis: whatever stood in the path in a child's place went on record as it was, so
// a number of the NHS that somebody wrote there stayed for ever.
TEST_F(ApiTest, OnlyAKeyOfAChildGoesOnRecord) {
  EXPECT_EQ(world_.Get(reader_, "/v1/children/9990000018/timeline").status, 404);
  EXPECT_EQ(world_.Get(reader_, Page(1)).status, 404);
  std::vector<audit::v1::Read> reads;
  ASSERT_TRUE(VerifyAudit(world_.log(), TopicNames(), {}, [&](const audit::v1::Read& read) {
                reads.push_back(read);
              }).ok());
  ASSERT_EQ(reads.size(), 2u);
  EXPECT_EQ(reads[0].child_size(), 0);
  ASSERT_EQ(reads[1].child_size(), 1);
  EXPECT_EQ(reads[1].child(0), story::Story::Child(1).Hex());
}

// The contract said so before the program did.
TEST_F(ApiTest, ABodyThatIsSaidToBeNoJsonIsNotRead) {
  HttpRequest request;
  request.method = "POST";
  EXPECT_EQ(RefusedBody(request)->status, 415) << "said to be nothing";
  request.content_type = "text/plain";
  EXPECT_EQ(RefusedBody(request)->status, 415);
  request.content_type = "Application/JSON ; charset=utf-8";
  EXPECT_FALSE(RefusedBody(request));
  request.content_type = "application/json-seq";
  EXPECT_TRUE(RefusedBody(request));
  Refer(1);
  EXPECT_EQ(world_.Post(reader_, "/v1/children/find", "").status, 415);
}

TEST_F(ApiTest, WhoIAmAndTheRulesHaveTagsAndPositionsAsTheContractSays) {
  const HttpResponse me = world_.Get(reader_, "/v1/me");
  EXPECT_EQ(me.headers.at("etag"), StrongEtag(me.body));
  const HttpResponse rules = world_.Get(reader_, "/v1/rules");
  EXPECT_EQ(rules.headers.at("etag"), StrongEtag(rules.body));
  EXPECT_EQ(rules.headers.at("dolen-position"),
            Json::parse(world_.Get(reader_, "/v1/worklist").body)["position"]);
}

TEST_F(ApiTest, AnEmergencyHoldsOverARestart) {
  Refer(1);
  const Reader stranger{"d", {"practitioner"}, "emergency"};
  const std::string why = absl::StrCat(R"({"child":")", story::Story::Child(0).Hex(),
                                       R"(","reason":"found alone at the station"})");
  EXPECT_EQ(world_.Post(stranger, "/v1/emergencies", why).status, 200);
  ApiParts parts = world_.api().parts();
  const absl::StatusOr<std::unique_ptr<Api>> again = Api::Open(parts);
  ASSERT_TRUE(again.ok()) << again.status();
  Caller caller;
  caller.subject = "sian";
  caller.agency = "d";
  EXPECT_TRUE((*again)->emergencies().Until(caller, story::Story::Child(0), world_.now));
}

TEST_F(ApiTest, WhoeverCriesWolfIsAskedToStop) {
  Refer(1);
  const Reader stranger{"d", {"practitioner"}, "emergency"};
  const std::string why = R"({"issuer":"nhs","value":"1","reason":"found alone somewhere"})";
  for (int i = 0; i < kMostEmergencies; ++i) {
    EXPECT_EQ(world_.Post(stranger, "/v1/emergencies", why).status, 404);
  }
  EXPECT_EQ(world_.Post(stranger, "/v1/emergencies", why).status, 429);
  world_.now += absl::Hours(2);
  EXPECT_EQ(world_.Post(stranger, "/v1/emergencies", why).status, 404);
  EXPECT_EQ(world_.Post(stranger, "/v1/emergencies", R"({"reason":"short"})").status, 400);
}

TEST_F(ApiTest, DeedsAreDoneInTheNameOfWhoeverAsks) {
  Refer(1);
  world_.story().Until("2026-01-05 18:00");
  const std::string alert = world_.story().alerts().back().alert_id();
  const std::string deed =
      absl::StrCat(R"({"did":"acknowledged","by":"somebody else","alerts":[")", alert, R"("]})");
  EXPECT_EQ(world_.Post(reader_, "/v1/alerts/actions", deed).status, 200);
  ASSERT_EQ(world_.deeds.size(), 1u);
  EXPECT_EQ(world_.deeds[0].action.by(), "sian");
  EXPECT_EQ(world_.Post({"d"}, "/v1/alerts/actions", deed).status, 404);
  EXPECT_EQ(
      world_.Post(reader_, "/v1/alerts/actions", R"({"did":"acknowledged","all":true})").status,
      400);
}

TEST_F(ApiTest, NobodyIsTheAnswerToNobody) {
  HttpRequest request;
  request.path = {"v1", "worklist"};
  Router router;
  world_.api().AddTo(router);
  EXPECT_EQ(router.Answer(request).status, 401);
  EXPECT_EQ(world_.Get({"b", {"practitioner"}, "curiosity"}, "/v1/worklist").status, 400);
}

TEST_F(ApiTest, TheContractSaysWhatThereIsAndNothingElse) {
  Router router;
  world_.api().AddTo(router);
  std::set<std::string> there = {"POST /v1/sign-in/development", "GET /v1/sign-in"};
  for (const auto& [method, pattern] : router.Patterns()) {
    if (pattern != "/openapi.json") there.insert(absl::StrCat(method, " ", pattern));
  }
  HttpRequest request;
  request.path = {"openapi.json"};
  const Json contract = Json::parse(router.Answer(request).body);
  std::set<std::string> said;
  for (const auto& [pattern, methods] : contract["paths"].items()) {
    for (const auto& [method, what] : methods.items()) {
      said.insert(absl::StrCat(absl::AsciiStrToUpper(method), " ", pattern));
    }
  }
  EXPECT_EQ(there, said);
}

}  // namespace
}  // namespace dolen
