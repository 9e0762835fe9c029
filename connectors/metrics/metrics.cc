#include "connectors/metrics/metrics.h"

#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <algorithm>

namespace dolen {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// From what an idle engine needs to what a night without one costs.
const prometheus::Histogram::BucketBoundaries& Bounds() {
  static const auto* const bounds = new prometheus::Histogram::BucketBoundaries{
      0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.05, 0.1,  0.25,
      0.5,   1,      2.5,   10,   60,    600,  3600, 28800};
  return *bounds;
}

}  // namespace

struct Distribution::State {
  prometheus::Histogram histogram{Bounds()};
};

Distribution::Distribution() : state_(std::make_unique<State>()) {}
Distribution::~Distribution() = default;

void Distribution::Add(absl::Duration duration) {
  state_->histogram.Observe(std::max(0.0, absl::ToDoubleSeconds(duration)));
}

struct Scrape::State {
  std::vector<MetricFamily> families;

  ClientMetric& Add(absl::string_view name, absl::string_view help, MetricType type,
                    Labels labels) {
    auto family = std::find_if(families.begin(), families.end(),
                               [&](const MetricFamily& one) { return one.name == name; });
    if (family == families.end()) {
      families.push_back({std::string(name), std::string(help), type, {}});
      family = families.end() - 1;
    }
    ClientMetric& metric = family->metric.emplace_back();
    for (auto& [label, value] : labels) metric.label.push_back({label, value});
    return metric;
  }
};

Scrape::Scrape() : state_(std::make_unique<State>()) {}
Scrape::~Scrape() = default;

void Scrape::Gauge(absl::string_view name, absl::string_view help, double value, Labels labels) {
  state_->Add(name, help, MetricType::Gauge, std::move(labels)).gauge.value = value;
}

void Scrape::Counter(absl::string_view name, absl::string_view help, double value, Labels labels) {
  state_->Add(name, help, MetricType::Counter, std::move(labels)).counter.value = value;
}

void Scrape::Add(absl::string_view name, absl::string_view help, const Distribution& distribution) {
  state_->Add(name, help, MetricType::Histogram, {}).histogram =
      distribution.state_->histogram.Collect().histogram;
}

std::string Scrape::Text() const {
  return prometheus::TextSerializer().Serialize(state_->families);
}

}  // namespace dolen
