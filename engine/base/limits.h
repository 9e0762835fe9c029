// Every limit of the contract and of the engine, with its reason. docs/limits.md is for users.
#ifndef DOLEN_ENGINE_BASE_LIMITS_H_
#define DOLEN_ENGINE_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace dolen {

// --- what agencies may send ---
// A whole event. Ten times the longest letter that fits kMaxText; keeps a batch of 1,000 in memory.
inline constexpr size_t kMaxEventBytes = 256 * 1024;
// The private free text: a long letter (some 2,500 words). Documents belong elsewhere.
inline constexpr size_t kMaxText = 16 * 1024;
// Ids, codes, names of agencies and milestones: longer than any real one, short enough for keys and
// indexes.
inline constexpr size_t kMaxId = 128;
// Identifiers of one child in one event: each costs a look-up in the identity log.
inline constexpr int kMaxIdentifiers = 8;
// Further fields of one event: rules name a handful.
inline constexpr int kMaxFields = 32;
// Kafka headers of one record: CloudEvents and tracing need a dozen.
inline constexpr int kMaxHeaders = 64;
// How far ahead of its admission an event may have occurred: clocks of agencies differ, plans are
// fields.
inline constexpr absl::Duration kMaxAhead = absl::Hours(24);
// The first year in which an event may have occurred: nobody in care today was born before it.
inline constexpr int kFirstYear = 1900;

// The longest time ahead at which a pause or an exception may end; what ends later has no end. Some
// systems write "9999-12-31" where none is known: counting the days until then would cost seconds
// and megabytes for each clock, and no child waits for a hundred years.
inline constexpr absl::Duration kLongestUntil = absl::Hours(100 * 365 * 24);

// How far ahead of its admission a snooze may end: what waits for longer than a week must be said
// again, or belongs into the rule.
inline constexpr absl::Duration kLongestSnooze = absl::Hours(7 * 24);

// --- what a log must take ---
// A record in intake: what a topic of Kafka takes unless told otherwise.
inline constexpr size_t kMaxIntakeRecord = 1048588;
// A record of any other topic: one from intake goes into quarantine whole, with its reason.
inline constexpr size_t kMaxOwnRecord = 2 * 1024 * 1024;

// --- what one child may have ---
// Events of one child: a child with daily contact for eighteen years has 6,600. Further ones are
// kept aside by the fold, since drawing a picture again costs time in proportion.
inline constexpr int kMaxEventsPerChild = 50000;
// Index entries in one page: 64 x 12 bytes, so that an event of a long child rewrites 768 bytes at
// most.
inline constexpr int kIndexPage = 64;

// --- batches and slices ---
// Ledger records read and folded at a time: while they are, nobody else sees the shard.
inline constexpr int kMaxBatch = 4096;
// Bytes of one WriteBatch: some 30,000 events. The more it holds, the cheaper is each; memory
// bounds it.
inline constexpr size_t kMaxBatchBytes = 16 * 1024 * 1024;
// What was folded is committed when nothing more has come for this long ...
inline constexpr absl::Duration kCommitLinger = absl::Milliseconds(2);
// ... and after this much in any case, since alerts wait for it.
inline constexpr absl::Duration kMaxCommitDelay = absl::Milliseconds(20);
// Memory of an installation for rows of children, some 600 bytes each: all children of a city.
// Beyond it rows are read from disk again.
inline constexpr size_t kRowBytesAtHand = 192 * 1024 * 1024;
// Subjects drained by one tick, so that other events flow between slices of a mass deadline.
inline constexpr int kMaxDrain = 1000;
// What was published of alerts, in one record of the ledger: well below kMaxOwnRecord.
inline constexpr size_t kPublishedPageBytes = 512 * 1024;
// Alerts in one transaction of the alerts topic.
inline constexpr int kMaxOutboxBatch = 200;
// Transactions of one step of telling, so that other events flow between steps where many alerts
// wait, say since the alerts topic could not be written.
inline constexpr int kMaxTellBatches = 5;

// --- time ---
// Pauses between ticks that drained nobody.
inline constexpr absl::Duration kMinTickPause = absl::Milliseconds(1);
inline constexpr absl::Duration kMaxTickPause = absl::Seconds(1);
// Wall and boot time may part by less than this before the clock is no longer believed.
inline constexpr absl::Duration kMaxClockStep = absl::Seconds(2);
// At start, the wall clock may be ahead of the time reached by no more than this.
inline constexpr absl::Duration kMaxClockGap = absl::Hours(7 * 24);
// How often the ledger is told that an agency was heard: silence is a matter of hours.
inline constexpr absl::Duration kHeardEvery = absl::Minutes(1);
// No tick while admission lags more than this ...
inline constexpr absl::Duration kMaxLag = absl::Seconds(1);
// ... but for no longer than this: a deadline must not wait for a stuck agency.
inline constexpr absl::Duration kMaxLagWait = absl::Minutes(5);

}  // namespace dolen

#endif  // DOLEN_ENGINE_BASE_LIMITS_H_
