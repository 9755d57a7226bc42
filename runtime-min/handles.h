// The handles of one guest: opaque numbers for things that live in the host. Each belongs to one sort;
// numbers start at ECC_HANDLE_FIRST and are never used twice, so that a closed handle stays unknown.
#pragma once

#include "guest/c/include/ecc/host.h"
#include "runtime-min/errno_result.h"

#include <map>
#include <variant>

namespace ecc {

/// How many handles a guest may hold at once.
inline constexpr std::size_t handle_limit = 4096;

template <class... Sorts> class HandleTable {
public:
    /// -EMFILE when the guest holds too many, or has used up all numbers.
    template <class T> OrErrno<ecc_handle_t> add(T thing) {
        if (entries_.size() >= handle_limit || next_ == INT32_MAX)
            return errno_error(EMFILE);
        entries_.emplace(next_, std::move(thing));
        return next_++;
    }

    /// -EBADF: no such handle; -EINVAL: it is of another sort.
    template <class T> OrErrno<T*> get(ecc_handle_t handle) {
        const auto entry = entries_.find(handle);
        if (entry == entries_.end())
            return errno_error(EBADF);
        if (T* thing = std::get_if<T>(&entry->second))
            return thing;
        return errno_error(EINVAL);
    }

    void remove(ecc_handle_t handle) { entries_.erase(handle); }

    /// Removes every T for which `gone` is true.
    template <class T, class Predicate> void remove_if(Predicate gone) {
        std::erase_if(entries_, [&](const auto& entry) {
            const T* thing = std::get_if<T>(&entry.second);
            return thing != nullptr && gone(*thing);
        });
    }

    /// The handle of the first T for which `wanted` is true, else 0.
    template <class T, class Predicate> ecc_handle_t find_if(Predicate wanted) const {
        for (const auto& [handle, entry] : entries_) {
            const T* thing = std::get_if<T>(&entry);
            if (thing != nullptr && wanted(*thing))
                return handle;
        }
        return 0;
    }

    std::size_t size() const { return entries_.size(); }
    void clear() { entries_.clear(); }

private:
    std::map<ecc_handle_t, std::variant<Sorts...>> entries_;
    ecc_handle_t next_ = ECC_HANDLE_FIRST;
};

} // namespace ecc
