// What the notifier keeps in mind of each destination: the legs (one alert's way to one
// destination), the notices that are on their way, and when pages were sent.
#ifndef DOLEN_CONNECTORS_ALERTING_TOLD_H_
#define DOLEN_CONNECTORS_ALERTING_TOLD_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "connectors/alerting/notice.h"
#include "engine/log/log.h"

namespace dolen {

// What one destination is to be told of one alert, and what it was told.
struct Leg {
  uint32_t number = 0;  // of the last change that was taken for it
  bool owed = false;    // that change is still to be told
  uint32_t page = 0;    // the change for which somebody is to look; 0: nobody need
  bool digest = false;  // who is to look may do so later
  absl::Time due;       // not before
  absl::Time taken;     // when what is owed was taken
  std::string group;    // what it is told together with; empty: nothing
  std::string thread;   // Notice::thread
  bool told = false;    // the destination was told in that thread, and not of the end
  std::string team;
  bool left = false;      // a person gave the alert to somebody who is not reached here
  bool dead = false;      // given up, until the next change or SendAgain
  uint32_t attempts = 0;  // that failed since it was last told

  std::string sealed;  // id of the notice that it is in; follows from the notices, not kept itself
};

// A notice that was made, and neither taken nor given up.
struct Sealed {
  struct Item {
    std::string alert_id;
    uint32_t number = 0;
  };
  Notice::Kind kind = Notice::Kind::kPage;
  std::string thread;
  std::string team;
  std::vector<Item> items;
  absl::Time at;
  absl::Time next;        // when it is tried
  uint32_t attempts = 0;  // that failed
  bool in_flight = false;
  bool perhaps_taken = false;
};

// When pages and summaries were sent.
struct Sendings {
  std::deque<absl::Time> pages;
  absl::Time summary = absl::InfinitePast();
};

// A record of the receipts topic, and its partition.
struct Write {
  int32_t partition = 0;
  NewEntry entry;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_TOLD_H_
