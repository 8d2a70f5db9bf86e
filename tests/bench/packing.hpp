#pragma once

namespace agentpipe::bench {

/// Prints what packing batches costs in processor time on both ends and what it saves on the line: each way
/// of packing at the size of a full batch, then bodies from one event upwards. The events hold pieces of this
/// repository's own text and code, so that they pack as real sessions do.
void measure_packing();

}  // namespace agentpipe::bench
