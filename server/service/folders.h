// The service's folders, once they are known to be its own.
#pragma once

#include "server/assets/file_store.h"
#include "server/assets/part_files.h"
#include "server/service/settings.h"
#include "server/store/store.h"

namespace vivavox {

struct Folders {
  FileStore renders, audios, assets;
  PartFiles parts;
};

/// Claims each folder for the store's database and opens it. Errors: those of
/// claim_folder(), of FileStore::open() and of the store.
Result<Folders> open_folders(const Settings& settings, Store& store);

}  // namespace vivavox
