const k_bones = [0, 1, 2, 3];

/** Stands where the first answer will be. */
export function Skeleton() {
  return (
    <div class="skeleton" aria-busy="true">
      {k_bones.map((bone) => (
        <div key={bone} class="bone" />
      ))}
    </div>
  );
}
