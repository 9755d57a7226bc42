// What compiles and yet does not do what its author means. In: the model of a kernel part. Out: an error, or
// warnings and notes.
#pragma once

#include "skelgen/binding_model.h"
#include "support/diagnostics.h"

namespace ecc {

/// Who uses the kernel part: a program that ecc generates can do less than one that somebody wrote.
enum class UserPartOrigin : bool { generated, written };

/// `where` is the source. An input error for what a generated user part can never load.
Result<void> review_kernel_part(const BindingModel& model, UserPartOrigin user_part, const std::string& where,
                                const Diagnostics& diagnostics);

} // namespace ecc
