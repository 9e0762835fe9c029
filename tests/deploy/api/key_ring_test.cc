// Keys of a provider: taken from where they are, rotated, and asked for no more than they must be.
#include "deploy/api/key_ring.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/connectors/tokens/mint.h"

namespace dolen {
namespace {

class KeyRingTest : public testing::Test {
 protected:
  // The provider publishes a key of this name alone.
  void Publish(const std::string& id) {
    const nlohmann::json set = {{"keys", {MintKey::P256(id).PublicJwk()}}};
    published_ = set.dump();
  }
  KeyRing Ring() {
    return KeyRing([this]() -> absl::StatusOr<KeySet> {
      ++asked_;
      if (published_.empty()) return absl::UnavailableError("away");
      return KeySet::Parse(published_);
    });
  }
  static bool Has(const absl::StatusOr<std::shared_ptr<const KeySet>>& keys,
                  const std::string& id) {
    // A token of that key with a wrong signature: it is the key that is looked for first.
    return keys.ok() && !absl::IsNotFound((*keys)->Verify("a.b.c", id, Algorithm::kEs256));
  }

  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  std::string published_;
  int asked_ = 0;
};

TEST_F(KeyRingTest, ARotatedKeyIsFoundWhenATokenNamesIt) {
  Publish("first");
  KeyRing ring = Ring();
  ASSERT_TRUE(Has(ring.AtHand(now_), "first"));
  Publish("second");
  now_ += kBetweenKeyReadings;
  EXPECT_FALSE(Has(ring.AtHand(now_), "second")) << "nobody has asked for it";
  EXPECT_TRUE(Has(ring.Newest(now_), "second"));
  EXPECT_FALSE(Has(ring.AtHand(now_), "first")) << "what was taken out is not believed";
}

TEST_F(KeyRingTest, MadeUpKeysDoNotMakeItAskAllTheTime) {
  Publish("first");
  KeyRing ring = Ring();
  for (int i = 0; i < 100; ++i) {
    (void)ring.AtHand(now_);
    (void)ring.Newest(now_);
    now_ += absl::Milliseconds(99);
  }
  EXPECT_EQ(asked_, 1);
  (void)ring.Newest(now_ + kBetweenKeyReadings);
  EXPECT_EQ(asked_, 2);
}

TEST_F(KeyRingTest, AKeyThatWasTakenOutIsNotBelievedForLong) {
  Publish("first");
  KeyRing ring = Ring();
  (void)ring.AtHand(now_);
  Publish("second");
  EXPECT_TRUE(Has(ring.AtHand(now_ + kKeysAge - absl::Seconds(1)), "first"));
  EXPECT_FALSE(Has(ring.AtHand(now_ + kKeysAge), "first"));
}

TEST_F(KeyRingTest, AProviderThatIsAwayLeavesTheKeysThatAreKnown) {
  KeyRing ring = Ring();
  EXPECT_EQ(ring.AtHand(now_).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ring.AtHand(now_).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(asked_, 1) << "not asked again at once";
  Publish("first");
  now_ += kBetweenKeyReadings;
  EXPECT_TRUE(Has(ring.AtHand(now_), "first"));
  published_.clear();
  EXPECT_TRUE(Has(ring.AtHand(now_ + kKeysAge), "first"));
  EXPECT_EQ(asked_, 3);
}

TEST_F(KeyRingTest, NobodyWaitsForAProviderThatIsSlow) {
  Publish("first");
  std::mutex mutex;
  std::condition_variable changed;
  bool is_slow = false, is_asked = false, may_go_on = false;
  KeyRing ring([&]() -> absl::StatusOr<KeySet> {
    std::unique_lock<std::mutex> lock(mutex);
    is_asked = true;
    changed.notify_all();
    changed.wait(lock, [&] { return !is_slow || may_go_on; });
    return KeySet::Parse(published_);
  });
  (void)ring.AtHand(now_);
  now_ += kKeysAge;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    is_slow = true;
    is_asked = false;
  }
  std::thread reader([&] { EXPECT_TRUE(Has(ring.AtHand(now_), "first")); });
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return is_asked; });
  }
  EXPECT_TRUE(Has(ring.AtHand(now_), "first"));
  EXPECT_EQ(ring.Newest(now_).status().code(), absl::StatusCode::kUnavailable)
      << "whether there is such a key is known in a moment: not refused";
  {
    const std::lock_guard<std::mutex> lock(mutex);
    may_go_on = true;
  }
  changed.notify_all();
  reader.join();
}

}  // namespace
}  // namespace dolen
