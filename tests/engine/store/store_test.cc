#include "engine/store/store.h"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "engine/store/keys.h"
#include "engine/store/walk.h"
#include "tests/engine/store/folder.h"

namespace dolen {
namespace {

using testing::ElementsAre;

std::vector<std::string> KeysFrom(const Store& store, absl::string_view prefix,
                                  absl::string_view from) {
  std::vector<std::string> found;
  const absl::Status scanned =
      store.Scan(prefix, from, [&](absl::string_view key, absl::string_view) {
        found.emplace_back(key);
        return true;
      });
  EXPECT_TRUE(scanned.ok()) << scanned;
  return found;
}

TEST(Keys, SortAsTheirNumbersDo) {
  const int64_t positions[] = {0, 1, 255, 256, 65535, 65536, int64_t{1} << 32, int64_t{1} << 62};
  for (size_t i = 1; i < std::size(positions); ++i) {
    EXPECT_LT(keys::Event(positions[i - 1]), keys::Event(positions[i]));
    EXPECT_LT(keys::Outbox(positions[i - 1]), keys::Outbox(positions[i]));
    EXPECT_LT(keys::Page(ChildKey(), i - 1), keys::Page(ChildKey(), i));
    EXPECT_EQ(keys::FromBigEndian(keys::BigEndian(positions[i], 8)), positions[i]);
  }
  EXPECT_LT(keys::Aside(ChildKey(), 255), keys::Aside(ChildKey(), 256));
  EXPECT_LT(keys::Book(255), keys::Book(256));
}

TEST(Store, ABatchIsOneStepAndIsEmptyAfterIt) {
  StoreFolder folder;
  Batch batch;
  batch.Put("b", "1");
  batch.Put("a", "2");
  batch.Put("gone", "3");
  batch.Delete("gone");
  ASSERT_TRUE(folder.store().Commit(batch).ok());
  ASSERT_TRUE(folder.store().Commit(batch).ok());
  folder.Reopen();
  EXPECT_EQ(**folder.store().Get("a"), "2");
  EXPECT_EQ(*folder.store().Get("gone"), absl::nullopt);
  EXPECT_THAT(KeysFrom(folder.store(), "", ""), ElementsAre("a", "b"));
}

TEST(Store, ScansInKeyOrderFromAPlaceWithinAPrefix) {
  StoreFolder folder;
  for (const char* key : {"c3", "c1", "b9", "d0", "c2", "c"}) folder.Put(key, "");
  EXPECT_THAT(KeysFrom(folder.store(), "c", "c"), ElementsAre("c", "c1", "c2", "c3"));
  EXPECT_THAT(KeysFrom(folder.store(), "c", "c2"), ElementsAre("c2", "c3"));
  EXPECT_THAT(KeysFrom(folder.store(), "e", "e"), ElementsAre());
}

// Against one sorted map that holds the rows of all stores.
TEST(Store, AWalkOverSeveralIsAWalkOverOneThatHasAllTheirRows) {
  std::mt19937 random(11);
  for (int round = 0; round < 20; ++round) {
    StoreFolder folders[3];
    std::map<std::string, size_t> all;  // key: in which store
    for (int i = 0; i < 60; ++i) {
      const std::string key = absl::StrCat(random() % 2 == 0 ? "p" : "q", random() % 1000);
      const size_t store = random() % 3;
      if (all.emplace(key, store).second) folders[store].Put(key, absl::StrCat("of ", key));
    }
    const std::string from = absl::StrCat("p", random() % 1000);
    std::vector<std::string> expected, walked;
    for (auto row = all.lower_bound(from); row != all.end() && row->first < "q"; ++row) {
      expected.push_back(absl::StrCat(row->first, " of ", row->first, " in ", row->second));
    }
    Walk walk({&folders[0].store(), &folders[1].store(), &folders[2].store()}, "p", from);
    for (; !walk.IsAtEnd(); walk.Next()) {
      walked.push_back(absl::StrCat(walk.key(), " ", walk.value(), " in ", walk.store()));
    }
    EXPECT_TRUE(walk.status().ok());
    EXPECT_EQ(walked, expected);
  }
}

TEST(Store, RowsAreReadInTheOrderAskedForAndAMissingOneIsDamage) {
  StoreFolder folder;
  folder.Put("a", "1");
  folder.Put("b", "2");
  EXPECT_THAT(*folder.store().GetAll({"b", "a"}), ElementsAre("2", "1"));
  EXPECT_EQ(folder.store().GetAll({"b", "x"}).status().code(), absl::StatusCode::kDataLoss);
}

TEST(Store, ASecondOwnerOfAFolderIsRefused) {
  StoreFolder folder;
  const auto second = Store::Open(folder.path());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition) << second.status();
}

TEST(Store, TheDigestLeavesOutHowFarTheTellingHasCome) {
  StoreFolder folder;
  folder.Put(keys::Event(1), "event");
  folder.Put(keys::Shard(), "shard");
  const std::string before = folder.store().DigestAll()->digest.Hex();
  folder.Put(keys::Outbox(1), "alert");
  folder.Put(keys::Telling(), "told");
  EXPECT_EQ(folder.store().DigestAll()->digest.Hex(), before);
  EXPECT_EQ(folder.store().DigestAll()->rows, 2);
  folder.Put(keys::Event(1), "evens");
  EXPECT_NE(folder.store().DigestAll()->digest.Hex(), before);
  folder.Put(keys::Event(1), "event");
  EXPECT_EQ(folder.store().DigestAll()->digest.Hex(), before);
  folder.Delete(keys::Event(1));
  folder.Put(keys::Event(2), "event");
  EXPECT_NE(folder.store().DigestAll()->digest.Hex(), before) << "keys count too";
}

}  // namespace
}  // namespace dolen
