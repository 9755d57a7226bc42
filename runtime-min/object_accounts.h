// What the BPF objects of a run take of the machine: those that are open, and those that were closed but live
// on in the kernel, because another object or a pin still refers to something of them.
#pragma once

#include "runtime-min/object_usage.h"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace ecc {

class BpfObject;

class ObjectAccounts {
public:
    /// From now on it takes that. Opens the account if there is none.
    void set(const BpfObject* object, const ObjectUsage& usage);
    /// Something of `holder` refers to a map or program of `held`: a map of maps, a link, a program.
    void add_hold(const BpfObject* holder, const BpfObject* held);
    /// There is, or was, a pin of something of it: nobody knows how long that lives.
    void pin(const BpfObject* object);
    /// It takes no more, unless an open or pinned object holds it, by way of others perhaps.
    void close(const BpfObject* object);

    /// Of all but this one.
    ObjectUsage total_without(const BpfObject* object) const;

private:
    struct Account {
        ObjectUsage usage;
        std::set<const Account*> holds;
        bool pinned = false;
    };
    void remove_unheld();

    std::map<const BpfObject*, std::unique_ptr<Account>> open_;
    std::vector<std::unique_ptr<Account>> closed_;
};

} // namespace ecc
