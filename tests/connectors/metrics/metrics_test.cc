#include "connectors/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dolen {
namespace {

using testing::HasSubstr;

TEST(Metrics, AScrapeIsInTheTextFormatOfPrometheus) {
  Scrape scrape;
  scrape.Gauge("dolen_alarm", "An alarm stands.", 1, {{"code", "shard_0_failing"}});
  scrape.Gauge("dolen_alarm", "", 1, {{"code", "a \"quoted\"\nname"}});
  scrape.Counter("dolen_events_total", "Events folded.", 12);
  const std::string text = scrape.Text();
  EXPECT_THAT(text, HasSubstr("# HELP dolen_alarm An alarm stands.\n# TYPE dolen_alarm gauge\n"
                              "dolen_alarm{code=\"shard_0_failing\"} 1\n"
                              "dolen_alarm{code=\"a \\\"quoted\\\"\\nname\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE dolen_events_total counter\ndolen_events_total 12\n"));
}

TEST(Metrics, ADistributionGathersBetweenScrapes) {
  Distribution lateness;
  lateness.Add(absl::Milliseconds(4));
  lateness.Add(absl::Milliseconds(40));
  lateness.Add(-absl::Seconds(1));
  for (int scrapes = 0; scrapes < 2; ++scrapes) {
    Scrape scrape;
    scrape.Add("dolen_lateness_seconds", "How late.", lateness);
    const std::string text = scrape.Text();
    EXPECT_THAT(text, HasSubstr("dolen_lateness_seconds_count 3\n"));
    EXPECT_THAT(text, HasSubstr("dolen_lateness_seconds_bucket{le=\"0.005\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("dolen_lateness_seconds_bucket{le=\"0.05\"} 3\n"));
  }
}

}  // namespace
}  // namespace dolen
