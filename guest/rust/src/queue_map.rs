// SPDX-License-Identifier: Apache-2.0
//! Queues and stacks by the type of their values.

use crate::error::{Error, Result};
use crate::map::{Map, Update};
use crate::plain::Plain;
use crate::typed_map::TypedMap;

const BPF_MAP_TYPE_QUEUE: u32 = 22;
const BPF_MAP_TYPE_STACK: u32 = 23;

/// A queue (`BPF_MAP_TYPE_QUEUE`) or stack (`BPF_MAP_TYPE_STACK`) of values of the type `V`.
///
/// ```no_run
/// # use ecc_guest::{Map, QueueMap, Result};
/// # fn drain(map: &Map) -> Result<()> {
/// let pending = QueueMap::<u64>::new(map)?;
/// while let Some(id) = pending.pop()? {
///     println!("{id}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct QueueMap<V> {
    elements: TypedMap<(), V>,
}

impl<V: Plain> QueueMap<V> {
    /// `EINVAL` if the map's values have another size, or it is neither a queue nor a stack.
    pub fn new(map: &Map) -> Result<QueueMap<V>> {
        if !matches!(map.info().map_type, BPF_MAP_TYPE_QUEUE | BPF_MAP_TYPE_STACK) {
            return Err(Error::kind("is neither a queue nor a stack", map.shared_name()));
        }
        Ok(QueueMap { elements: TypedMap::new(map)? })
    }

    /// The map itself.
    pub fn map(&self) -> &Map {
        self.elements.map()
    }

    /// Adds a value: `E2BIG` if it is full.
    pub fn push(&self, value: &V) -> Result<()> {
        self.elements.insert(&(), value)
    }

    /// Adds a value, in place of the oldest one if it is full.
    pub fn push_over(&self, value: &V) -> Result<()> {
        self.elements.update(&(), value, Update::Replace)
    }

    /// Takes the next value out: the oldest of a queue, the newest of a stack. `None` if there is none.
    pub fn pop(&self) -> Result<Option<V>> {
        self.elements.take(&())
    }

    /// The value that [`pop`](QueueMap::pop) would give, which stays.
    pub fn peek(&self) -> Result<Option<V>> {
        self.elements.get(&())
    }
}
