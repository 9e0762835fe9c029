// What a seal hides from whom, as tables.
#include "engine/child/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/engine/child/story.h"

namespace dolen {
namespace {

using story::Said;
using testing::ElementsAre;

const char kDay[] = "2026-01-05";
const char kNext[] = "2026-01-06";

// For each event in turn whether it is hidden from the agency.
std::vector<bool> Hidden(absl::string_view agency, const std::vector<Said>& said) {
  const std::vector<Event> events = story::EventsOf(said);
  const Seals seals(events);
  std::vector<bool> hidden;
  for (size_t i = 0; i < events.size(); ++i) hidden.push_back(seals.Hide(i, agency));
  return hidden;
}

Said In(const char* matter, Said said) { return std::move(said).By("a").In(matter); }

TEST(Seals, WithoutOneNothingIsHidden) {
  EXPECT_FALSE(Seals(story::EventsOf({In("m", Said("met", kDay))})).any());
  EXPECT_THAT(Hidden("b", {In("m", Said("met", kDay))}), ElementsAre(false));
}

TEST(Seals, AMatterIsHiddenWithTheSealItselfFromAllButWhoSealedIt) {
  const std::vector<Said> said = {In("m", Said("met", kDay)), In("n", Said("seen", kDay)),
                                  In("m", Said("record_sealed", kNext))};
  EXPECT_THAT(Hidden("b", said), ElementsAre(true, false, true));
  EXPECT_THAT(Hidden("a", said), ElementsAre(false, false, false));
  EXPECT_THAT(Hidden("", said), ElementsAre(true, false, true));
}

TEST(Seals, ASealOfNoMatterHidesAllThatIsKnownOfTheChild) {
  Said seal = Said("record_sealed", kNext).By("a");
  seal.open.clear_matter();
  EXPECT_THAT(Hidden("b", {In("m", Said("met", kDay)), Said("met", kDay).By("b"), seal}),
              ElementsAre(true, true, true));
}

TEST(Seals, WhatWasSealedByTwoIsHiddenFromBoth) {
  const std::vector<Said> said = {In("m", Said("met", kDay)), In("m", Said("record_sealed", kNext)),
                                  In("m", Said("record_sealed", kNext)).By("b")};
  EXPECT_THAT(Hidden("a", said), ElementsAre(true, true, true));
  EXPECT_THAT(Hidden("b", said), ElementsAre(true, true, true));
}

TEST(Seals, ASealStandsUntilItsAgencyLiftsItOrTakesItBack) {
  const std::vector<Said> sealed = {In("m", Said("met", kDay)),
                                    In("m", Said("record_sealed", kNext)).Id("seal")};
  const auto with = [&](Said more) -> bool {
    std::vector<Said> all = sealed;
    all.push_back(std::move(more));
    return Hidden("c", all).front();
  };
  EXPECT_FALSE(with(In("m", Said("record_unsealed", "2026-01-07"))));
  EXPECT_TRUE(with(In("m", Said("record_unsealed", "2026-01-07")).By("b"))) << "it is not theirs";
  EXPECT_TRUE(with(In("n", Said("record_unsealed", "2026-01-07")))) << "another matter";
  EXPECT_TRUE(with(In("m", Said("record_unsealed", kDay)))) << "before it was sealed";
  EXPECT_FALSE(with(Said::Voiding("seal").By("a")));
}

TEST(Seals, WhatCorrectsOrDisputesASealedEventIsHiddenToo) {
  Said met = In("m", Said("met", kDay)).Id("met");
  Said own = Said("met", kNext).By("a").Replacing("met");
  own.open.clear_matter();
  Said dispute = Said("met", kNext).By("b").Replacing("met").Id("dispute");
  dispute.open.mutable_corrects()->set_agency("a");
  dispute.open.clear_matter();
  Said again = Said("met", kNext).By("c").Replacing("dispute");
  again.open.mutable_corrects()->set_agency("b");
  again.open.clear_matter();
  EXPECT_THAT(Hidden("b", {met, own, dispute, again, In("m", Said("record_sealed", kNext))}),
              ElementsAre(true, true, true, true, true));
}

}  // namespace
}  // namespace dolen
