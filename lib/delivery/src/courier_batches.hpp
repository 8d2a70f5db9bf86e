#pragma once

#include "agentpipe/delivery/courier.hpp"
#include "batch_dialect.hpp"
#include "batch_size.hpp"

namespace agentpipe::delivery {

/// What a courier knows of the batches that it sends.
struct Courier::Batches {
  BatchPlace place;
  BatchSize size;
  BatchBytes bytes;
  BatchRequests requests;
  unsigned rewinds = 0;  ///< in a row
};

}  // namespace agentpipe::delivery
