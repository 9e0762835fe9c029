// The parts of the pipeline one by one, with Google Benchmark.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "benchmark/benchmark.h"
#include "benchmarks/workload.h"
#include "deploy/program/progress.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/check.h"
#include "engine/base/check.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"
#include "engine/child/picture.h"
#include "engine/child/watch.h"
#include "engine/pathway/books.h"
#include "engine/store/child_row.h"
#include "engine/store/figures_codec.h"
#include "engine/store/keys.h"
#include "engine/store/store.h"
#include "projections/figures/clock_table.h"
#include "projections/figures/figures_view.h"

namespace dolen {
namespace {

// Events of one child, in order, and the workload's book.
struct Child {
  Books books;
  std::vector<Event> events;
};

Child MakeChild(int events) {
  Child child;
  const ledger::v1::Record record = Workload::Book(absl::UnixEpoch());
  pathway::v1::Book book;
  DOLEN_CHECK(book.ParseFromString(record.book().book()));
  DOLEN_CHECK(child.books.Add(book, Zone(), absl::UnixEpoch()).ok());
  WorkloadOptions options;
  options.events = events;
  options.children = 1;
  options.duplicates = 0;
  Workload workload(options);
  Workload::Item item;
  while (workload.Next(item)) {
    event::v1::Event parsed;
    DOLEN_CHECK(parsed.ParseFromString(item.bytes));
    Event& event = child.events.emplace_back();
    event.open = parsed.open();
    event.recorded = item.at;
    event.position = static_cast<int64_t>(child.events.size());
  }
  return child;
}

std::vector<Workload::Item> MakeItems() {
  WorkloadOptions options;
  options.events = 1000;
  Workload workload(options);
  std::vector<Workload::Item> items(1000);
  for (Workload::Item& item : items) DOLEN_CHECK(workload.Next(item));
  return items;
}

void CheckOneEvent(benchmark::State& state) {
  const std::vector<Workload::Item> items = MakeItems();
  size_t next = 0;
  for (auto _ : state) {
    const Workload::Item& item = items[next++ % items.size()];
    const std::string agency = Workload::AgencyName(item.agency);
    Received received;
    received.agency = agency;
    received.value = item.bytes;
    benchmark::DoNotOptimize(CheckEvent(received, item.at));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(CheckOneEvent);

void DigestOneEvent(benchmark::State& state) {
  const std::vector<Workload::Item> items = MakeItems();
  const KeyedDigest digest("secret");
  for (auto _ : state) benchmark::DoNotOptimize(digest.Of(items[0].bytes));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(DigestOneEvent);

// Folding one event on at the end must not depend on how many there were.
void AdvanceByOneEvent(benchmark::State& state) {
  const Child child = MakeChild(static_cast<int>(state.range(0)) + 1);
  const absl::Span<const Event> before =
      absl::MakeConstSpan(child.events).subspan(0, state.range(0));
  const Picture drawn = Draw(before, child.books);
  Picture picture;
  for (auto _ : state) {
    state.PauseTiming();
    picture = drawn;  // here, so that what the last one held is let go here, too
    state.ResumeTiming();
    Advance(child.events.back(), child.books, picture);
    benchmark::DoNotOptimize(picture);
  }
}
BENCHMARK(AdvanceByOneEvent)->Arg(10)->Arg(100)->Arg(1000);

// Drawing again after a late event is linear in the child's events.
void DrawAgain(benchmark::State& state) {
  const Child child = MakeChild(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Draw(child.events, child.books));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(DrawAgain)->Arg(10)->Arg(100)->Arg(1000)->Complexity();

void WatchOneChild(benchmark::State& state) {
  const Child child = MakeChild(10);
  const Picture picture = Draw(child.events, child.books);
  const Backfills backfills;
  const ChildKey key;
  const auto as_of = [&](absl::Time t, const Zone& zone) -> absl::StatusOr<Picture> {
    return DrawAsOf(child.events, child.books, t, zone);
  };
  const Sight sight{key, picture, child.books, backfills, child.events.back().recorded, as_of};
  for (auto _ : state) {
    Alerts alerts;
    benchmark::DoNotOptimize(Watch(sight, MayRaise::kNo, alerts));
    benchmark::DoNotOptimize(NextDue(sight, alerts));
  }
}
BENCHMARK(WatchOneChild);

void WriteChildRow(benchmark::State& state) {
  const Child child = MakeChild(10);
  ChildState of;
  for (const Event& event : child.events) of.history.Insert(event);
  of.picture = Draw(child.events, child.books);
  ChildRows rows;
  Batch batch;
  std::string row;
  for (auto _ : state) {
    rows.Encode(ChildKey(), of, child.books, 0, row, batch);
    benchmark::DoNotOptimize(row);
  }
  state.SetLabel(absl::StrCat(row.size(), " bytes"));
}
BENCHMARK(WriteChildRow);

void ReadChildRow(benchmark::State& state) {
  const Child child = MakeChild(10);
  ChildState of;
  for (const Event& event : child.events) of.history.Insert(event);
  of.picture = Draw(child.events, child.books);
  const std::string folder = MakeTemporaryFolder();
  const std::unique_ptr<Store> store = *Store::Open(folder);
  ChildRows rows;
  Batch batch;
  std::string row;
  rows.Encode(ChildKey(), of, child.books, 0, row, batch);
  ChildState read;
  for (auto _ : state) {
    benchmark::DoNotOptimize(rows.Decode(ChildKey(), row, child.books, *store, read));
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(ReadChildRow);

// A store with the figures rows of so many children: five years of six clocks and four asks a year,
// by three rules and four agencies. The rest of a child's row is not read.
std::unique_ptr<Store> StoreOfFigures(const std::string& folder, int children) {
  std::unique_ptr<Store> store = *Store::Open(folder);
  Batch batch;
  for (int child = 0; child < children; ++child) {
    Figures figures;
    const auto agency = [&](int i) { return Workload::AgencyName((child + i) % 40 + i % 4); };
    for (int i = 0; i < 30; ++i) {
      const absl::CivilMonth month = absl::CivilMonth(2021, 1) + 2 * i;
      ClockFigures& its = figures.clocks[{absl::StrCat("W-RULE-", i % 3), agency(i), month}];
      its.in_time = 1;
      its.action = absl::Hours(30 + i);
      its.reporting = absl::Minutes(5);
      its.shares[{agency(i), false}] = absl::Hours(20 + i);
      its.shares[{"family", true}] = absl::Hours(10);
      if (i % 3 > 0) figures.asks[{agency(0), agency(i), month}] = {1, 1, 0, {}, 0};
    }
    store::v1::FiguresRow row;
    row.set_now(EncodeFigures(figures));
    row.set_language(child % 5 == 0 ? "cy" : "en");
    ChildKey key;
    DOLEN_CHECK(ChildKey::FromHex(ShortSha256Hex(absl::StrCat(child)), key));
    batch.Put(ViewKey(FiguresView(), key.bytes()), row.SerializeAsString());
    if (child % 1000 == 999) DOLEN_CHECK(store->Commit(batch).ok());
  }
  DOLEN_CHECK(store->Commit(batch).ok());
  DOLEN_CHECK(store->Flush().ok());
  return store;
}

// What a board asks across children. Masked: as it is answered.
void CountAcrossChildren(benchmark::State& state) {
  const std::string folder = MakeTemporaryFolder();
  const std::unique_ptr<Store> store = StoreOfFigures(folder, static_cast<int>(state.range(0)));
  const Mask mask("secret");
  FiguresQuery query;
  query.by_month = query.by_language = true;
  int64_t children = 0;
  for (auto _ : state) {
    const absl::StatusOr<ClockTable> table = CountClocks(*store, query, &mask);
    children = table->total.children;
  }
  state.SetLabel(absl::StrCat(children, " children, masked"));
  std::filesystem::remove_all(folder);
}
BENCHMARK(CountAcrossChildren)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dolen

BENCHMARK_MAIN();
