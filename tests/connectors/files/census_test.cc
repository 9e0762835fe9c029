#include "connectors/files/census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "engine/base/time.h"
#include "tests/connectors/files/helpers.h"

namespace dolen {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kCensus[] = R"(<Message>
 <Header>
  <CollectionDetails><ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails>
  <Source><LEA>201</LEA></Source>
 </Header>
 <Children>
  <Child>
   <ChildIdentifiers><LAchildID>A 1</LAchildID></ChildIdentifiers>
   <CINdetails>
    <CINreferralDate>2023-05-01</CINreferralDate>
    <Section47>
     <S47ActualStartDate>2023-06-01</S47ActualStartDate>
     <InitialCPCtarget>2023-06-22</InitialCPCtarget>
     <DateOfInitialCPC>2023-06-20</DateOfInitialCPC>
     <ICPCnotRequired>false</ICPCnotRequired>
    </Section47>
    <Section47>
     <S47ActualStartDate>2023-06-01</S47ActualStartDate>
     <ICPCnotRequired>true</ICPCnotRequired>
    </Section47>
   </CINdetails>
  </Child>
  <Child>
   <ChildIdentifiers><LAchildID>B2</LAchildID></ChildIdentifiers>
   <CINdetails>
    <CINreferralDate>2023-07-01</CINreferralDate>
    <ChildProtectionPlans>
     <CPPstartDate>2023-08-01</CPPstartDate>
     <InitialCategoryOfAbuse>PHY</InitialCategoryOfAbuse>
     <Reviews>
      <CPPreviewDate>2023-10-20</CPPreviewDate>
      <CPPreviewDate>2024-03-01</CPPreviewDate>
     </Reviews>
    </ChildProtectionPlans>
    <CINclosureDate>2024-02-01</CINclosureDate>
   </CINdetails>
  </Child>
 </Children>
</Message>
)";

AllRows Read(absl::string_view text) {
  const TempFolder folder;
  return ReadAll(OpenCensus(folder.Write("census.xml", text)));
}

AllRows With(absl::string_view from, absl::string_view to) {
  std::string text = kCensus;
  const size_t at = text.find(std::string(from));
  EXPECT_NE(at, std::string::npos) << from;
  return Read(text.replace(at, from.size(), std::string(to)));
}

// "line child matter what day"
std::vector<std::string> Summary(const AllRows& all) {
  std::vector<std::string> lines;
  for (size_t i = 0; i < all.events.size(); ++i) {
    const event::v1::Open open = all.Event(i).open();
    lines.push_back(absl::StrCat(
        all.lines[i], " ", all.events[i].child_value, " ", open.matter().id(), " ",
        open.milestone().empty() ? event::v1::Kind_Name(open.kind()) : open.milestone(), " ",
        open.occurred().day()));
  }
  return lines;
}

TEST(Census, EveryDateIsAnEventOfItsMatter) {
  const AllRows all = Read(kCensus);
  EXPECT_TRUE(all.bad.empty());
  EXPECT_THAT(Summary(all), ElementsAre("10 A1 cin-2023-05-01 KIND_REFERRAL_RECEIVED 2023-05-01",
                                        "12 A1 s47-2023-06-01 s47_started 2023-06-01",
                                        "14 A1 s47-2023-06-01 initial_conference_held 2023-06-20",
                                        "18 A1 s47-2023-06-01-2 s47_started 2023-06-01",
                                        "19 A1 s47-2023-06-01-2 conference_not_required 2023-06-01",
                                        "26 B2 cin-2023-07-01 KIND_REFERRAL_RECEIVED 2023-07-01",
                                        "35 B2 cin-2023-07-01 KIND_REFERRAL_COMPLETED 2024-02-01",
                                        "28 B2 cpp-2023-08-01 registered 2023-08-01",
                                        "31 B2 cpp-2023-08-01 review_conference_held 2023-10-20",
                                        "32 B2 cpp-2023-08-01 review_conference_held 2024-03-01"));
  const event::v1::Event s47 = all.Event(1);
  EXPECT_EQ(s47.open().agency(), "la_201");
  EXPECT_EQ(s47.open().continues().id(), "cin-2023-05-01");
  EXPECT_EQ(s47.open().fields(0).name(), "icpc_target");
  EXPECT_EQ(s47.open().fields(0).when().day(), "2023-06-22");
  EXPECT_EQ(s47.private_().child(0).issuer(), "la_201");
  EXPECT_EQ(s47.private_().child(0).value(), "A1");
  EXPECT_EQ(Rfc3339(all.events[1].occurred), "2023-05-31T23:00:00Z");
}

TEST(Census, TheNextCensusSaysTheSameUnderTheSameIds) {
  const AllRows first = Read(kCensus);
  const AllRows next = With("2024-03-31", "2025-03-31");
  ASSERT_EQ(first.events.size(), next.events.size());
  for (size_t i = 0; i < first.events.size(); ++i)
    EXPECT_EQ(first.events[i].bytes, next.events[i].bytes);
}

TEST(Census, ABadDateNamesElementAndLineAndTheRestGoesOn) {
  const AllRows all = With("<DateOfInitialCPC>2023-06-20", "<DateOfInitialCPC>2023-06-31");
  EXPECT_EQ(all.events.size(), 9u);
  ASSERT_EQ(all.bad.size(), 1u);
  EXPECT_EQ(all.bad[0].line, 14);
  EXPECT_EQ(all.bad[0].column, 7);
  EXPECT_EQ(all.bad[0].rejection.code, "bad_time");
  EXPECT_THAT(all.bad[0].rejection.sentence,
              HasSubstr("Message/Children/Child[1]/CINdetails[1]/Section47[1]/DateOfInitialCPC"));
  EXPECT_EQ(all.bad[0].raw, "<DateOfInitialCPC>2023-06-31</DateOfInitialCPC>");
}

TEST(Census, AnEnquiryWithoutItsFirstDayIsNotReadSoThatItStopsNoOtherClock) {
  const AllRows all = With("<S47ActualStartDate>2023-06-01</S47ActualStartDate>\n     <InitialCPC",
                           "<S47ActualStartDate/>\n     <InitialCPC");
  ASSERT_EQ(all.bad.size(), 1u);
  EXPECT_EQ(all.bad[0].line, 12);
  EXPECT_EQ(all.events.size(), 8u);
  for (size_t i = 0; i < all.events.size(); ++i) EXPECT_TRUE(all.Event(i).open().has_matter());
}

TEST(Census, AChildWithoutNumberIsBadAndTheNextGoesOn) {
  const AllRows all = With("<LAchildID>A 1</LAchildID>", "");
  EXPECT_EQ(all.events.size(), 5u);
  ASSERT_EQ(all.bad.size(), 1u);
  EXPECT_EQ(all.bad[0].rejection.code, "missing_child");
  EXPECT_EQ(all.bad[0].line, 7);
}

TEST(Census, AHeaderWithoutAuthorityMakesEveryChildBad) {
  const AllRows all = With("<LEA>201</LEA>", "<LEA>2887Q</LEA>");
  EXPECT_TRUE(all.events.empty());
  ASSERT_EQ(all.bad.size(), 3u);
  EXPECT_EQ(all.bad[0].rejection.code, "bad_header");
  EXPECT_EQ(all.bad[0].line, 4);
  EXPECT_EQ(all.bad[1].rejection.code, "missing_agency");
}

TEST(Census, ChildrenBeforeABreakInTheXmlGoOn) {
  std::string text = kCensus;
  const AllRows cut = Read(text.substr(0, text.find("<CPPstartDate>") + 5));
  EXPECT_EQ(cut.events.size(), 5u);
  ASSERT_EQ(cut.bad.size(), 1u);
  EXPECT_EQ(cut.bad[0].rejection.code, "bad_xml");
  EXPECT_EQ(cut.bad[0].line, 28);
  const AllRows late = With("</Children>", "</Chldren>");
  EXPECT_EQ(late.events.size(), 10u);
  ASSERT_EQ(late.bad.size(), 1u);
  EXPECT_EQ(late.bad[0].rejection.code, "bad_xml");
}

TEST(Census, OtherXmlAndOtherFilesAreRefused) {
  EXPECT_EQ(Read("<x/>").status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Read("a,b\n").status.code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace dolen
