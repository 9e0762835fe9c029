// A test with a serve at work, to which agencies write what may or may not be admitted.
#ifndef DOLEN_TESTS_CRASH_SERVED_H_
#define DOLEN_TESTS_CRASH_SERVED_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "tests/crash/place.h"
#include "tests/crash/program.h"
#include "tests/crash/story.h"

namespace dolen {

// One that can be admitted, about a child of its own.
inline event::v1::Event GoodEvent(const std::string& id, absl::Time occurred = absl::Now()) {
  return MadeEvent("alpha", id, "child_" + id, "M-" + id, "report_made", occurred);
}

class ServedTest : public testing::Test {
 protected:
  ServedTest()
      : where_(NewPlace(folder_.path())),
        serve_(where_, folder_.path() + "/book.textproto", folder_.path() + "/serve.log") {
    WriteBook(folder_.path() + "/book.textproto");
    serve_.Start();
    EXPECT_TRUE(serve_.WaitUntilItAnswers()) << serve_.Messages();
  }

  std::string Intake() const { return NamesOf(where_).Intake("alpha"); }
  void Publish(const std::vector<std::string>& values) { WriteToIntake(where_, "alpha", values); }

  // The ids of the events in the timeline of the event's own child, once there are any.
  std::vector<std::string> WaitForTimeline(const std::string& id) {
    const absl::Time deadline = absl::Now() + absl::Seconds(30);
    std::vector<std::string> ids;
    while (ids.empty() && absl::Now() < deadline) {
      const auto answer = serve_.Get({"v1", "children", kIssuer, "child_" + id, "timeline"});
      const auto timeline = nlohmann::json::parse(answer.value_or("{}"), nullptr, false);
      if (timeline.contains("events")) {
        for (const auto& event : timeline["events"]) ids.push_back(event.value("event_id", ""));
      }
      if (ids.empty()) absl::SleepFor(absl::Milliseconds(10));
    }
    return ids;
  }

  // What `dolen quarantine list` says.
  std::vector<nlohmann::json> List(const std::vector<std::string>& further = {}) {
    std::vector<std::string> verb = {"quarantine", "list", "--format=json"};
    verb.insert(verb.end(), further.begin(), further.end());
    const Ran ran = RunVerb(where_, verb);
    EXPECT_EQ(ran.exit, 0);
    std::vector<nlohmann::json> entries;
    for (const std::string& line : LinesOf(ran.out)) entries.push_back(nlohmann::json::parse(line));
    return entries;
  }
  nlohmann::json Show(int64_t offset) {
    const Ran ran = RunVerb(where_, {"quarantine", "show", absl::StrCat(offset), "--format=json"});
    EXPECT_EQ(ran.exit, 0);
    return nlohmann::json::parse(ran.out, nullptr, false);
  }
  Ran Retry(int64_t offset) {
    return RunVerb(where_, {"quarantine", "retry", absl::StrCat(offset), "--format=json"});
  }

  TemporaryFolder folder_;
  const Where where_;
  Serve serve_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_CRASH_SERVED_H_
