// Numbers for Prometheus, in its text format. The only place that knows prometheus-cpp.
//
// A scrape is written anew each time from what the parts of the program say of themselves; only a
// Distribution gathers between scrapes. Nothing personal is a number here, nor a label.
#ifndef DOLEN_CONNECTORS_METRICS_METRICS_H_
#define DOLEN_CONNECTORS_METRICS_METRICS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dolen {

// How long something took, each time. Threads: any.
class Distribution {
 public:
  Distribution();
  ~Distribution();
  void Add(absl::Duration duration);  // below zero counts as zero

 private:
  friend class Scrape;
  struct State;
  const std::unique_ptr<State> state_;
};

// One answer to Prometheus. Names are those of its conventions: "dolen_", then what, then the unit.
// Not thread-safe.
class Scrape {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;
  Scrape();
  ~Scrape();

  // A number that goes up and down; and one that only goes up while the process lives. `help` is a
  // sentence; of several numbers of one name the first says it.
  void Gauge(absl::string_view name, absl::string_view help, double value, Labels labels = {});
  void Counter(absl::string_view name, absl::string_view help, double value, Labels labels = {});
  // In seconds.
  void Add(absl::string_view name, absl::string_view help, const Distribution& distribution);

  std::string Text() const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_METRICS_METRICS_H_
