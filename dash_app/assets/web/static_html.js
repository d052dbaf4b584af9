// A component of Dash for many elements that no callback asks for: dash_app/static_html.py says why.
(function () {
  const ofLibraries = () => ({
    Link: window.dash_core_components.Link,
    Tooltip: window.dash_bootstrap_components.Tooltip,
  });

  function drawn(element, number, libraries) {
    if (typeof element === "string") return element;
    const [tag, props, ...inside] = element;
    const library = libraries[tag];
    const children = inside.map((one, place) => drawn(one, place, libraries));
    if (library) return window.React.createElement(library, { key: number, setProps() {}, ...props }, ...children);
    return window.React.createElement(tag, { key: number, ...props }, ...children);
  }

  window.carton = window.carton || {};
  window.carton.StaticHtml = (props) => {
    const libraries = ofLibraries();
    return props.elements.map((element, number) => drawn(element, number, libraries));
  };
})();
