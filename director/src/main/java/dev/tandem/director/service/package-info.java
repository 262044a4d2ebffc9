/** Virtual services and real servers: immutable snapshots to look up, live counters beside them. */
@NullMarked
package dev.tandem.director.service;

import org.jspecify.annotations.NullMarked;
