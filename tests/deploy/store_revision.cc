// store_revision FOLDER NUMBER: rewrites of which fold revision the store in FOLDER is, so that it
// looks as if another release had made it. For upkeep_test.py.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "dolen/store/v1/store.pb.h"
#include "engine/base/check.h"
#include "engine/store/keys.h"
#include "engine/store/store.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: store_revision FOLDER NUMBER\n", stderr);
    return 2;
  }
  const std::unique_ptr<dolen::Store> store = *dolen::Store::Open(argv[1]);
  dolen::store::v1::ShardRow row;
  DOLEN_CHECK(row.ParseFromString(**store->Get(dolen::keys::Shard())));
  row.set_revision(static_cast<uint32_t>(std::atoi(argv[2])));
  dolen::Batch batch;
  batch.Put(dolen::keys::Shard(), row.SerializeAsString());
  DOLEN_CHECK(store->Commit(batch).ok());
  return 0;
}
