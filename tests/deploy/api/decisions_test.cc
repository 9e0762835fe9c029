// Who sees what: every combination of role, purpose, relation to the matter, state of the record
// and question, against a second model that knows nothing of how the first decides. It has the
// rules as the guide says them: what somebody may ask, what their agency may know of the matter,
// and what a seal or a correction does to that.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "tests/deploy/api/reader_world.h"

namespace dolen {
namespace {

using story::Said;
using Json = nlohmann::json;

// What the readers' agency "x" is to the matter "m" of a child. All agencies but x are "a" and "b".
enum Relation {
  kOpened,
  kAsked,
  kTookOn,
  kDeclined,
  kRedirectedTo,
  kAddressed,
  kSpoke,
  kElsewhere,
  kStranger
};
constexpr const char* kRelations[] = {"opened",   "asked",         "took on",
                                      "declined", "redirected to", "addressed",
                                      "spoke",    "elsewhere",     "stranger"};
// What became of the matter's record.
enum State {
  kPlain,
  kSealedByOther,
  kSealedByUs,
  kLifted,
  kLiftedByAnother,
  kCorrected,
  kDisputed,
  kVoided
};
constexpr const char* kStates[] = {
    "plain",     "sealed by a", "sealed by x", "lifted", "lifted by b alone",
    "corrected", "disputed",    "voided"};

constexpr int kRelationCount = 9, kStateCount = 8;
constexpr int kChildren = kRelationCount * kStateCount;
int ChildOf(Relation relation, State state) { return relation * kStateCount + state; }
Relation RelationOf(int child) { return static_cast<Relation>(child / kStateCount); }
State StateOf(int child) { return static_cast<State>(child % kStateCount); }
std::string NumberOf(int child) { return absl::StrCat("943", 1000 + child); }
std::string CanaryOf(int child) { return absl::StrCat("heron", 1000 + child, "."); }

// Every event of the matter is due an answer, which never comes: so everybody who must see to it or
// waits for it has it on their list, and an alert.
constexpr char kBook[] = R"(
  accountable: "asked" start { is: "referral_made" } stop { is: "seen" }
  limit { allow { hours: 1 } } level { name: "overdue" })";

class Decisions : public testing::Test {
 protected:
  Decisions() {
    world_.story().Publish("2026-01-01 08:00",
                           story::BookOf(absl::StrCat("rule { id: \"R\" ", kBook, " }")));
    for (int child = 0; child < kChildren; ++child) {
      world_.Know(NumberOf(child), child);
      Tell(child, RelationOf(child), StateOf(child));
    }
    world_.story().Until("2026-02-01 09:00");
  }

  static Said InMatter(Said said, Relation relation) {
    const std::string opener = relation == kOpened ? "x" : "a";
    said.open.mutable_matter()->set_agency(opener);
    said.open.mutable_matter()->set_id("m");
    return said;
  }

  void Say(int child, Relation relation, Said said) {
    world_.Hear("2026-01-05 09:00", InMatter(std::move(said), relation), child, CanaryOf(child));
  }

  void Tell(int child, Relation relation, State state) {
    const bool is_asked = relation == kAsked || relation == kTookOn || relation == kDeclined;
    Say(child, relation,
        Said("referral_made", "2026-01-05 09:00")
            .By(relation == kOpened ? "x" : "a")
            .To(is_asked ? "x" : "b")
            .Id("made"));
    if (relation == kTookOn) {
      Say(child, relation, Said("referral_accepted", "2026-01-05 10:00").By("x").Id("took"));
    }
    if (relation == kDeclined) {
      Say(child, relation, Said("referral_declined", "2026-01-05 10:00").By("x").Id("declined"));
    }
    if (relation == kRedirectedTo) {
      Say(child, relation,
          Said("referral_redirected", "2026-01-05 10:00").By("b").To("x").Id("redirected"));
    }
    if (relation == kAddressed) {
      Say(child, relation,
          Said("information_supplied", "2026-01-05 10:00").By("a").To("x").Id("told"));
    }
    if (relation == kSpoke) {
      Say(child, relation, Said("home_visited", "2026-01-05 10:00").By("x").Id("spoke"));
    }
    if (relation == kElsewhere) {
      Said other = Said("home_visited", "2026-01-05 10:00").By("x").Id("elsewhere");
      other.open.mutable_matter()->set_agency("x");
      other.open.mutable_matter()->set_id("ours");
      world_.Hear("2026-01-05 09:00", other, child);
    }
    Become(child, relation, state);
  }

  void Become(int child, Relation relation, State state) {
    switch (state) {
      case kPlain:
        return;
      case kSealedByOther:
      case kLifted:
      case kLiftedByAnother: {
        Say(child, relation, Said("record_sealed", "2026-01-06 09:00").By("a").Id("seal"));
        if (state == kSealedByOther) return;
        const char* const by = state == kLifted ? "a" : "b";
        return Say(child, relation, Said("record_unsealed", "2026-01-06 10:00").By(by).Id("lift"));
      }
      case kSealedByUs:
        return Say(child, relation, Said("record_sealed", "2026-01-06 09:00").By("x").Id("seal"));
      case kCorrected: {
        Said again = Said("referral_made", "2026-01-05 09:30")
                         .By(relation == kOpened ? "x" : "a")
                         .Id("again")
                         .Replacing("made");
        again.open.mutable_corrects()->set_agency(relation == kOpened ? "x" : "a");
        again.open.set_to_agency(
            relation == kAsked || relation == kTookOn || relation == kDeclined ? "x" : "b");
        return Say(child, relation, std::move(again));
      }
      case kDisputed: {
        Said dispute = Said::Voiding("made");
        dispute.open.set_agency("b");
        dispute.open.set_event_id("dispute");
        dispute.open.mutable_corrects()->set_agency(relation == kOpened ? "x" : "a");
        *dispute.open.mutable_occurred() = Said("seen", "2026-01-05 11:00").open.occurred();
        return Say(child, relation, std::move(dispute));
      }
      case kVoided: {
        Said gone = Said::Voiding("made");
        gone.open.set_agency(relation == kOpened ? "x" : "a");
        gone.open.mutable_corrects()->set_agency(gone.open.agency());
        *gone.open.mutable_occurred() = Said("seen", "2026-01-05 09:00").open.occurred();
        return Say(child, relation, std::move(gone));
      }
    }
  }

  ReaderWorld world_;
};

// ---- the second model --------------------------------------------------------------------------

struct Wanted {
  bool knows_child = false;  // any page of it
  bool reads_text = false;   // what was written
  bool is_on_list = false;   // its deadline is ours to see to, or we wait for it
};

Wanted WantedOf(Relation relation, State state) {
  Wanted wanted;
  // By sealing a record x has spoken in the matter.
  const bool spoke = state == kSealedByUs;
  // A seal is lifted by nobody but who set it.
  const bool is_hidden = state == kSealedByOther || state == kLiftedByAnother;
  switch (relation) {
    case kOpened:
    case kTookOn:
    case kSpoke:
    case kAddressed:
      wanted = {true, true, relation == kOpened || relation == kTookOn};
      break;
    case kAsked:
    case kDeclined:
    case kRedirectedTo:
      // What was sent to them they read; what they said themselves too.
      wanted = {true, true, true};
      break;
    case kElsewhere:
      wanted = {true, spoke, false};
      break;
    case kStranger:
      wanted = {spoke, spoke, false};
      break;
  }
  // Declined, and nobody else was asked: then it is with the asker again.
  if (relation == kDeclined) wanted.is_on_list = false;
  if (state == kVoided) wanted.is_on_list = false;
  if (is_hidden) wanted = {relation == kElsewhere, false, false};
  return wanted;
}

struct Who {
  std::vector<std::string> roles;
  std::string purpose;
  bool Has(const std::string& role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }
  bool WorksWithChildren() const { return Has("practitioner") || Has("team_lead"); }
};

bool MayUseLists(const Who& who) {
  if (who.purpose == "supervision") return who.Has("team_lead");
  return (who.purpose == "direct_work" || who.purpose == "safeguarding") && who.WorksWithChildren();
}
bool MayOpenChildren(const Who& who) {
  if (who.purpose == "emergency") return who.WorksWithChildren();
  if (who.purpose == "subject_request") return who.Has("team_lead");
  return MayUseLists(who);
}
bool MayAskNumbers(const Who& who) {
  if (who.purpose == "supervision") return who.Has("team_lead");
  return who.purpose == "learning" && (who.Has("team_lead") || who.Has("board_analyst"));
}
bool MayAskSilence(const Who& who) {
  return MayAskNumbers(who) || (who.purpose == "operations" && who.Has("operator"));
}
enum class Readers { kNo, kOfOwn, kOfAll };
Readers MayAskReaders(const Who& who) {
  const bool is_request = who.purpose == "subject_request";
  if (who.Has("auditor") && (is_request || who.purpose == "audit")) return Readers::kOfAll;
  return who.Has("team_lead") && is_request ? Readers::kOfOwn : Readers::kNo;
}

// ---- the questions -----------------------------------------------------------------------------

bool Has(const HttpResponse& response, const std::string& text) {
  return absl::StrContains(response.body, text);
}

TEST_F(Decisions, AgreeWithTheGuide) {
  const std::vector<std::vector<std::string>> roles = {
      {"practitioner"},
      {"team_lead"},
      {"board_analyst"},
      {"auditor"},
      {"operator"},
      {},
      {"practitioner", "auditor"},
      {"team_lead", "board_analyst"},
      {"board_analyst", "auditor", "operator"},
      {"practitioner", "team_lead", "board_analyst", "auditor", "operator"}};
  // Which alert is which child's.
  std::map<int, std::string> alert_of;
  for (const alert::v1::Alert& alert : world_.story().alerts()) {
    for (int child = 0; child < kChildren; ++child) {
      if (alert.child() == story::Story::Child(child).Hex()) alert_of[child] = alert.alert_id();
    }
  }
  int64_t decisions = 0;
  for (const std::vector<std::string>& some : roles) {
    for (const Purpose purpose : kPurposes) {
      const Who who{some, std::string(PurposeName(purpose))};
      const Reader reader{"x", some, who.purpose, "sian"};
      const bool lists = MayUseLists(who), opens = MayOpenChildren(who);
      const HttpResponse mine = world_.Get(reader, "/v1/worklist?limit=200");
      const HttpResponse waiting = world_.Get(reader, "/v1/worklist?limit=200&whose=waiting");
      const HttpResponse alerts = world_.Get(reader, "/v1/alerts?limit=200");
      for (const HttpResponse* one : {&mine, &waiting, &alerts}) {
        EXPECT_EQ(one->status, lists ? 200 : 403) << who.purpose;
      }
      const auto status_of = [&](const char* target) { return world_.Get(reader, target).status; };
      for (const char* target : {"/v1/holdings", "/v1/handovers"}) {
        EXPECT_EQ(status_of(target), lists ? 200 : 403) << target << " " << who.purpose;
      }
      for (const char* target : {"/v1/delay", "/v1/performance", "/v1/flow"}) {
        EXPECT_EQ(status_of(target), MayAskNumbers(who) ? 200 : 403)
            << target << " " << who.purpose;
      }
      EXPECT_EQ(status_of("/v1/silence"), MayAskSilence(who) ? 200 : 403) << who.purpose;
      const Readers readers = MayAskReaders(who);
      EXPECT_EQ(world_.Get(reader, "/v1/audit").status,
                who.Has("auditor") && who.purpose == "audit" ? 200 : 403);
      for (int child = 0; child < kChildren; ++child) {
        const Wanted wanted = WantedOf(RelationOf(child), StateOf(child));
        const std::string key = story::Story::Child(child).Hex();
        SCOPED_TRACE(absl::StrCat("roles ", some.size(), " ", some.empty() ? "" : some[0], ", ",
                                  who.purpose, ", ", kRelations[RelationOf(child)], ", ",
                                  kStates[StateOf(child)], ", child ", child));
        // On the lists.
        EXPECT_EQ(Has(mine, key) || Has(waiting, key), lists && wanted.is_on_list);
        if (lists && !wanted.knows_child) {
          EXPECT_FALSE(Has(alerts, key));
        }
        // The page.
        const int page_status = !opens ? 403 : wanted.knows_child ? 200 : 404;
        const std::string page = absl::StrCat("/v1/children/", key, "/timeline");
        const HttpResponse timeline = world_.Get(reader, page);
        EXPECT_EQ(timeline.status, page_status);
        EXPECT_EQ(Has(timeline, CanaryOf(child)), page_status == 200 && wanted.reads_text);
        const HttpResponse past = world_.Get(reader, page + "?as_of=2026-01-20");
        EXPECT_EQ(past.status, page_status);
        EXPECT_EQ(Has(past, CanaryOf(child)), page_status == 200 && wanted.reads_text);
        // Search.
        const std::string number =
            absl::StrCat(R"({"issuer":"nhs","value":")", NumberOf(child), R"("})");
        const HttpResponse found = world_.Post(reader, "/v1/children/find", number);
        EXPECT_EQ(found.status, page_status);
        EXPECT_EQ(Has(found, key), page_status == 200);
        // The alert, and answering it.
        if (const auto its = alert_of.find(child); its != alert_of.end()) {
          const int status = !lists ? 403 : wanted.is_on_list ? 200 : 404;
          const HttpResponse alert = world_.Get(reader, absl::StrCat("/v1/alerts/", its->second));
          // Whoever may know the matter may know what was said of it.
          if (status != 404 || !wanted.reads_text) {
            EXPECT_EQ(alert.status, status);
          }
          const HttpResponse act = world_.Post(
              reader, "/v1/alerts/actions",
              absl::StrCat(R"({"did":"noted","note":"seen","alerts":[")", its->second, R"("]})"));
          EXPECT_EQ(act.status, alert.status);
        }
        // Who has read it.
        const HttpResponse read =
            world_.Get(reader, absl::StrCat("/v1/children/", key, "/readers"));
        EXPECT_EQ(read.status, readers == Readers::kNo                            ? 403
                               : readers == Readers::kOfAll || wanted.knows_child ? 200
                                                                                  : 404);
        // Nobody without a role learns anything.
        decisions += 8;
      }
      decisions += 10;
    }
  }
  printf("%lld decisions: %zu sets of roles, %zu purposes, %d relations, %d states of a record\n",
         static_cast<long long>(decisions), roles.size(), std::size(kPurposes), kRelationCount,
         kStateCount);
  EXPECT_GE(decisions, 40'000);
}

TEST_F(Decisions, UnknownAndForbiddenAreOneAnswer) {
  const Reader reader{"x"};
  const HttpResponse forbidden = world_.Get(
      reader, absl::StrCat("/v1/children/", story::Story::Child(ChildOf(kStranger, kPlain)).Hex(),
                           "/timeline"));
  const HttpResponse unknown = world_.Get(
      reader, absl::StrCat("/v1/children/", story::Story::Child(4711).Hex(), "/timeline"));
  EXPECT_EQ(forbidden.status, 404);
  EXPECT_EQ(forbidden.body, unknown.body);
  EXPECT_EQ(forbidden.headers, unknown.headers);
}

// A child of whom there is much to read is refused as late as one who is not there: at the next
// beat. The quickest of several answers is compared, so that a busy machine does not decide.
TEST_F(Decisions, UnknownAndForbiddenTakeTheSameTime) {
  const int child = ChildOf(kStranger, kPlain);
  for (int i = 0; i < 200; ++i) {
    Say(child, kStranger,
        Said("home_visited", "2026-01-07 09:00").By("a").Id(absl::StrCat("visit", i)));
  }
  world_.not_found_beat = kNotFoundBeat;
  world_.RestartApi();
  const Reader reader{"x"};
  const auto time_of = [&](int whose) {
    const std::string page =
        absl::StrCat("/v1/children/", story::Story::Child(whose).Hex(), "/timeline");
    const absl::Time before = absl::Now();
    const HttpResponse answer = world_.Get(reader, page);
    EXPECT_EQ(answer.status, 404);
    return std::max(absl::Now(), answer.not_before) - before;
  };
  absl::Duration forbidden = absl::InfiniteDuration(), unknown = absl::InfiniteDuration();
  for (int i = 0; i < 15; ++i) {
    forbidden = std::min(forbidden, time_of(child));
    unknown = std::min(unknown, time_of(4711));
  }
  for (const absl::Duration quickest : {forbidden, unknown}) {
    EXPECT_GE(quickest, kNotFoundBeat);
    EXPECT_LT(quickest, 2 * kNotFoundBeat) << "not within one beat, so it may be told apart";
  }
  EXPECT_LT(absl::AbsDuration(forbidden - unknown), kNotFoundBeat / 5);
}

TEST_F(Decisions, TheGlassIsBrokenByOnePersonForOneChildAndAnHour) {
  const int child = ChildOf(kStranger, kPlain);
  const std::string key = story::Story::Child(child).Hex();
  const std::string page = absl::StrCat("/v1/children/", key, "/timeline");
  const Reader sian{"x", {"practitioner"}, "emergency", "sian"};
  const Reader rhys{"x", {"practitioner"}, "emergency", "rhys"};
  EXPECT_EQ(world_.Get(sian, page).status, 404);
  const std::string why = absl::StrCat(R"({"issuer":"nhs","value":")", NumberOf(child),
                                       R"(","reason":"found alone at the station"})");
  EXPECT_EQ(world_.Post(sian, "/v1/emergencies", why).status, 200);
  const HttpResponse read = world_.Get(sian, page);
  EXPECT_EQ(read.status, 200);
  EXPECT_TRUE(Has(read, CanaryOf(child)));
  EXPECT_EQ(world_.Get(rhys, page).status, 404) << "it was not theirs";
  const Reader working{"x", {"practitioner"}, "direct_work", "sian"};
  EXPECT_EQ(world_.Get(working, page).status, 404) << "the purpose is an emergency, no other";
  world_.now += absl::Minutes(61);
  EXPECT_EQ(world_.Get(sian, page).status, 404);
}

TEST_F(Decisions, NoEmergencyOpensWhatIsSealed) {
  const int child = ChildOf(kStranger, kSealedByOther);
  const std::string key = story::Story::Child(child).Hex();
  const Reader sian{"x", {"practitioner"}, "emergency", "sian"};
  const std::string why =
      absl::StrCat(R"({"child":")", key, R"(","reason":"found alone at the station"})");
  EXPECT_EQ(world_.Post(sian, "/v1/emergencies", why).status, 404);
  const int other = ChildOf(kElsewhere, kSealedByOther);
  const std::string other_key = story::Story::Child(other).Hex();
  const std::string other_why =
      absl::StrCat(R"({"child":")", other_key, R"(","reason":"found alone at the station"})");
  EXPECT_EQ(world_.Post(sian, "/v1/emergencies", other_why).status, 200);
  const HttpResponse read = world_.Get(sian, absl::StrCat("/v1/children/", other_key, "/timeline"));
  EXPECT_EQ(read.status, 200);
  EXPECT_FALSE(Has(read, CanaryOf(other)));
}

}  // namespace
}  // namespace dolen
